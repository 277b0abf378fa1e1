"""What the window and the command line ask of the engine, and what it tells: plain data that imports no engine."""
