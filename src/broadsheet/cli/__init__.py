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
from types import FrameType
from typing import Final, NoReturn, cast

import click

from broadsheet.cli.bug_report import write_bug_report
from broadsheet.cli.environment import memory_limit, refusal
from broadsheet.cli.exit_codes import BUG, INPUT, STOPPED
from broadsheet.cli.output import DEBUG, debug, fail, near
from broadsheet.storage import registry

__all__ = ["cli", "main"]

COMMANDS = "cli/commands"
_AGAIN: Final = 1.0  # seconds


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


class _Stopped(BaseException):
    """A signal asked the process to end; `code` is its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def _stop(number: int, _: FrameType | None) -> NoReturn:
    """Raise the exception of a signal, and again where a library that imports another one has caught it."""
    code = 128 + number
    signal.signal(signal.SIGALRM, lambda *_: None if _is_on_its_way() else _raise(code))
    signal.setitimer(signal.ITIMER_REAL, _AGAIN, _AGAIN)
    _raise(code)


def _is_on_its_way() -> bool:
    """Return whether the exception of a signal is being handled: what was begun is undone, which nothing may stop."""
    error = sys.exc_info()[1]
    while error and not isinstance(error, _Stopped):
        error = error.__context__
    return error is not None


def _raise(code: int) -> NoReturn:
    raise _Stopped(code)


def _listen() -> None:
    """Have signals raise an exception from now on, so that what was begun is undone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:  # a job in the background ignores the first
            signal.signal(number, _stop)


def _say_stopped(code: int, stopped: BaseException) -> NoReturn:
    """Print it, with how the work goes on, and exit.

    Nothing is imported, because the signal may have come in the middle of an import.
    """
    signal.setitimer(signal.ITIMER_REAL, 0)
    mends = (f"\n  mend: {note}" for note in getattr(stopped, "__notes__", ()))
    click.echo("error: stopped" + "".join(mends), err=True)
    sys.exit(code)


def main() -> NoReturn:
    """Run the command line: it always ends with an exit code and, on failure, one message."""
    from broadsheet.errors import BroadsheetError

    _require_memory()
    try:
        _listen()
        with cli.make_context("broadsheet", sys.argv[1:]) as context:
            cli.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except _Stopped as stopped:
        _say_stopped(stopped.code, stopped)
    except (click.exceptions.Abort, KeyboardInterrupt) as stopped:
        _say_stopped(STOPPED, stopped)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BroadsheetError as error:
        fail(INPUT, error.message, error.repair)
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
