"""How work ends early: by an error that the user can mend, or because the user asked to stop."""


class RetakeError(Exception):
    """Base of every error that this project raises on purpose."""


class UserError(RetakeError):
    """Something the user can mend. Its text is one clear sentence, shown as it is."""


class MediaError(UserError):
    """A media file cannot be read, or not to its end. Its text says why, without the path."""


class DoesNotFitError(UserError):
    """A model needs more memory than is free where it is to answer; another computer may have more."""


class StorageError(UserError):
    """The library cannot be written for now: the disk is full, or another program holds it. It may pass."""


class OtherWriterError(UserError):
    """Another process writes to the library, and no second one may until it has ended."""


class DamagedError(UserError):
    """The library's file is damaged. Its text says how to mend it."""


class NewerVersionError(UserError):
    """The library was made by a newer version of the app, which alone can open it."""


class Cancelled(RetakeError):
    """The user asked to stop. Never shown as an error."""


def one_line(error: BaseException, longest: int = 200) -> str:
    """Return what an error of a library says as a line for the end of a sentence, without its full stop."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    line = " ".join(lines[0].split()).rstrip(".:")
    return line if len(line) <= longest else line[: longest - 3] + "..."
