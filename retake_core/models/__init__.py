"""Models of others: which ones are worth having, which are here, how they come and go."""
