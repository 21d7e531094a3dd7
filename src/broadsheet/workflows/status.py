"""Status: is a build at work, and how far is it?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from broadsheet.storage.staging import state_folder
from broadsheet.workflows.progress import Step, last_step

__all__ = ["Status", "status"]


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a build into `target` is at work, and the last step that is known of it (None: it has just begun)."""

    target: Path
    is_running: bool
    step: Step | None

    def __str__(self) -> str:
        """Return it in one sentence."""
        if self.is_running:
            return f"{self.step} (process {self.step.process})" if self.step else "a build has begun"
        if self.step:
            return f"no build is running; process {self.step.process} ended before it was done, at {self.step}"
        return "no build is running"


def status(target: Path) -> Status:
    """Return the status of the build into a folder: it is at work as long as it holds the lock."""
    state = state_folder(target)
    return Status(target, state.is_locked(), last_step(state.folder))
