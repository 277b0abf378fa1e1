"""The worker processes that serve the window."""
