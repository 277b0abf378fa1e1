"""The `retake` command: one file a group of commands."""
