"""What is said and shown in a video, as text."""
