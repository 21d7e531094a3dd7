"""Decisions of corrections/ applied to what was extracted."""
