"""What all parts of the window share: theme, painting, small widgets."""
