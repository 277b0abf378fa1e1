"""Subtitle files as people have them: their formats, encodings, languages, and what in them is speech."""
