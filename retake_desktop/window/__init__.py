"""The main window, its actions and panels."""
