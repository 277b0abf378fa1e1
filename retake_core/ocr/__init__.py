"""Text in pictures: reading it, and following it from one keyframe to the next."""
