"""The folders and the grid of videos."""
