"""The preferences: one window, a page for each subject; every change holds at once."""
