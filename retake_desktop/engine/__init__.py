"""The window's side of the workers, and of the library that they share."""
