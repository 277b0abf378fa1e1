"""Describing recordings in the background: titles, summaries and chapters by the VideoLLM that was chosen."""
