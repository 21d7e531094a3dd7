"""The exit codes of the command line; click has 2 for wrong usage, and a signal has 128 and its number."""

from __future__ import annotations

FINDINGS, INPUT, BUG, STOPPED = 1, 3, 4, 130
