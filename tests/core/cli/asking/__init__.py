"""Tests of the commands that ask."""
