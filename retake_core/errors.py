"""The three ways in which work can end early."""


class RetakeError(Exception):
    """Base of every error that this project raises on purpose."""


class UserError(RetakeError):
    """Something the user can mend. Its text is one clear sentence, shown as it is."""


class MediaError(UserError):
    """A media file cannot be read, or not to its end. Its text says why, without the path."""


class Cancelled(RetakeError):
    """The user asked to stop. Never shown as an error."""
