"""Models of the Hugging Face hub: those on this computer, and those to be fetched."""
