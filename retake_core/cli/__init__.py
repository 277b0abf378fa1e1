"""The `retake` command: a file a command, and what they share."""
