"""Bringing the library up to date with its folders: scan, passes, watching."""
