"""Describing a recording: one question, an answer that is held to a form, and what its lines rest on."""
