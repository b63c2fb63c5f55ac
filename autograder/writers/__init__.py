"""Readers of a report: one file a format, each with `render(...) -> str`."""
