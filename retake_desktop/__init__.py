"""The window: browse, play and search a library. Everything heavy runs in worker processes."""
