"""A tiny VideoLLM of a real architecture, trained from scratch on a small drawn world."""
