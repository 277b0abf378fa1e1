"""Image and text encoders of one vector space."""
