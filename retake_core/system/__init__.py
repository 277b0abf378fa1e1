"""The computer that the app runs on: files, programs, processes."""
