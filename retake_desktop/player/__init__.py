"""The page of one video: player, timeline and filmstrip."""
