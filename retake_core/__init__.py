"""The engine: video folders in; keyframes, moments and answers out. Imports no Qt."""

__version__ = "0.1.0"
