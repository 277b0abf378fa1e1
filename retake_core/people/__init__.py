"""Faces in pictures: where they are, and vectors that lie near each other where the faces are of one person."""
