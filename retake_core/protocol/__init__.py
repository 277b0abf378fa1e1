"""Messages between the window and its workers; plain data that imports no engine."""
