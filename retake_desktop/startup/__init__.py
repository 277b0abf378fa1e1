"""What runs once, when the program starts."""
