"""The command line: options in, one function called, results out; no rules of its own.

Results go to stdout, everything else to stderr. Exit codes: 0 fine, 1 findings, 2 usage, 3 input or environment, 4 a
bug of ours, 130 and 143 signals. Every module of `commands` is a command, which is imported when it is called, and
itself imports what it needs then: at the start only click is imported, so that a short command answers at once.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import NoReturn, cast

import click

from broadsheet.cli.bug_report import write_bug_report
from broadsheet.cli.environment import memory_limit, refusal
from broadsheet.cli.exit_codes import BUG, INPUT, STOPPED, TERMINATED
from broadsheet.cli.output import DEBUG, debug, fail, near
from broadsheet.storage import registry

__all__ = ["cli", "main"]

COMMANDS = "cli/commands"


class _Commands(click.Group):
    """The commands are the modules of a folder; the others are not imported where one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - of click
        """Return the names of all commands, sorted."""
        return list(registry.names(COMMANDS))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; None where there is none with this name."""
        if cmd_name not in registry.names(COMMANDS):
            return super().get_command(ctx, cmd_name)
        return cast("click.Command", registry.load(COMMANDS, cmd_name).command)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="broadsheet")
@click.option("--debug", "traced", is_flag=True, help="Print the tracebacks of errors (also: BROADSHEET_DEBUG=1).")
def cli(*, traced: bool) -> None:
    """Turn a folder of news articles into an open data package.

    Every row of every table points at the exact characters of the article it came from.
    """
    if traced:
        os.environ[DEBUG] = "1"


def _require_memory() -> None:
    """Exit where the limit on memory is so low that a library would end the process without a word."""
    if lacking := memory_limit():
        click.echo(f"error: {lacking.message}\n  mend: {lacking.repair}", err=True)
        sys.exit(INPUT)


def main() -> NoReturn:
    """Run the command line: it always ends with an exit code and, on failure, one message."""
    from broadsheet.errors import BroadsheetError

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    _require_memory()
    try:
        with cli.make_context("broadsheet", sys.argv[1:]) as context:
            cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.exceptions.Abort:
        fail(STOPPED, "stopped")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BroadsheetError as error:
        fail(INPUT, error.message, error.repair)
    except KeyboardInterrupt:
        fail(STOPPED, "stopped")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except (OSError, MemoryError) as error:
        debug(traceback.format_exc())
        fail(INPUT, *refusal(error))
    except Exception as error:  # noqa: BLE001 - a bug of ours, reported in one line
        debug(traceback.format_exc())
        report = write_bug_report(traceback.format_exc())
        where = f"the report in {near(report)}" if report else "its traceback: broadsheet --debug prints it"
        fail(BUG, f"a bug of broadsheet: {type(error).__name__}: {error}", f"please send us {where}")
    sys.exit(0)
