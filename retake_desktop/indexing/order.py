"""What a run of indexing is asked to do."""

from dataclasses import dataclass


@dataclass(slots=True)
class IndexOrder:
    """What a run is to do. A run that interrupts another takes over what is left of it.

    Attributes:
        add: folders and files that join the library.
        folders: of the library, to look for changes in; None is all of them.
        first: videos that come before the others.
        describe: videos that the model is to describe, whatever the settings say.
    """

    add: tuple[str, ...] = ()
    folders: tuple[str, ...] | None = ()
    first: tuple[int, ...] = ()
    describe: tuple[int, ...] = ()

    def and_those(self, other: "IndexOrder") -> "IndexOrder":
        """Return both."""
        everywhere = self.folders is None or other.folders is None
        return IndexOrder(
            add=tuple(dict.fromkeys(self.add + other.add)),
            folders=None if everywhere else tuple(dict.fromkeys((self.folders or ()) + (other.folders or ()))),
            first=tuple(dict.fromkeys(other.first + self.first)),
            describe=tuple(dict.fromkeys(other.describe + self.describe)),
        )

    def scanned(self) -> "IndexOrder":
        """Return what is left when the folders have been looked through."""
        return IndexOrder(first=self.first, describe=self.describe)
