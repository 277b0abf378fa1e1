"""Decoding on a graphics device: which there are, what they decode rightly, and who may use them."""
