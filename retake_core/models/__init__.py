"""The models that the app offers: which there are, which are here, whether they work and fit; downloads."""
