"""Memories: compressed KV caches, kept for each video."""
