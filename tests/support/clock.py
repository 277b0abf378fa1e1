"""A clock that stands still until a test moves it."""


class Clock:
    """Tells its seconds."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds
