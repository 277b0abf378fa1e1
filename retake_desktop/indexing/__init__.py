"""What the window knows of indexing."""
