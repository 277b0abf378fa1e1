"""What the player needs of a video: times of frames, stills, and copies that play."""
