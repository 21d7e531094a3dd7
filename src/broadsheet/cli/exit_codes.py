"""The exit codes of the command line; click has 2 for wrong usage, and 130 and 143 are signals."""

from __future__ import annotations

FINDINGS, INPUT, BUG, STOPPED, TERMINATED = 1, 3, 4, 130, 143
