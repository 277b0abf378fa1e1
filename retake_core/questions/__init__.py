"""Questions about recordings: planning, answering, citing, and the history."""
