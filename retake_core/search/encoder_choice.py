"""Which encoder search uses: the setting's, or the one before it for as long as that knows more keyframes."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from retake_core.encoders.attributes import ATTRIBUTES, DIMENSION
from retake_core.encoders.base import Encoder
from retake_core.encoders.registry import full_name
from retake_core.errors import UserError
from retake_core.library.attributes import OF_ATTRIBUTES
from retake_core.library.embeddings import embedded_by, encoder_ids
from retake_core.library.vectors import VectorIndex
from retake_core.library.vectors.stored import generation
from retake_core.protocol.indexing_events import Switch
from retake_core.search.by_meaning import MeaningSearch
from retake_core.search.calibration import Calibration

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Searcher:
    """What a search needs.

    Attributes:
        encoder: for the query.
        vectors: of its embeddings.
        switch: set while another encoder than the setting's is used, or that one does not know all keyframes.
        meaning: finds texts by what they mean.
        attributes: of what was measured in the keyframes.
    """

    encoder: Encoder
    vectors: VectorIndex
    switch: Switch | None = None
    meaning: MeaningSearch | None = None
    attributes: VectorIndex | None = None


class SearchEncoder:
    """Chooses the encoder for each search, and keeps it and its index loaded for the next.

    Args:
        directory: where the vector indexes lie.
        opener: loads the encoder of a name.
        setting: tells the name of the encoder that the settings name.
        sentences: tells the name of the sentence model that they name; None is MiniLM.
    """

    def __init__(
        self,
        directory: Path,
        opener: Callable[[str], Encoder],
        setting: Callable[[], str],
        sentences: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._directory, self._opener, self._setting = directory, opener, setting
        self._made_for: tuple[str, int] | None = None
        self._searcher: Searcher | None = None
        self._loaded: tuple[str, Encoder] | None = None
        self._unusable: set[str] = set()
        self._indexes: dict[str, VectorIndex] = {}
        self._meaning = MeaningSearch(directory, sentences)
        self._calibration = Calibration(directory)
        self._attributes = VectorIndex(directory, ATTRIBUTES, DIMENSION, OF_ATTRIBUTES)

    def choose(self, connection: Connection) -> Searcher:
        """Return what to search with: the encoder that knows most keyframes, the setting's if none knows more.

        Args:
            connection: sees the library that will be searched.

        Raises:
            UserError: no encoder can be loaded.
        """
        state = (self._setting(), generation(connection))
        if self._searcher is None or state != self._made_for:
            self._searcher, self._made_for = self._choose(connection, full_name(state[0])), state
        return self._searcher

    def index(self, encoder_id: str, dimension: int) -> VectorIndex:
        """Lend the index of an encoder's vectors, for which its model need not be loaded."""
        if encoder_id not in self._indexes:
            self._indexes[encoder_id] = VectorIndex(self._directory, encoder_id, dimension)
        return self._indexes[encoder_id]

    def _choose(self, connection: Connection, setting: str) -> Searcher:
        counts, ids = embedded_by(connection), encoder_ids(connection)
        self._indexes = {encoder_id: index for encoder_id, index in self._indexes.items() if encoder_id in counts}
        ready = counts.get(ids.get(setting, ""), 0)
        names = {encoder_id: name for name, encoder_id in ids.items()}
        others = [of for of in sorted(counts, key=lambda of: -counts[of]) if names.get(of, setting) != setting]
        before = self._first_of([of for of in others if counts[of] > ready], names)
        if before is None:
            try:
                encoder = self._load(setting)
            except UserError as error:
                log.warning("the encoder %s of the settings cannot be used: %s", setting, error)
                before = self._first_of(others, names)
                if before is None:
                    raise
        if before is not None:
            encoder = before
            switch = Switch(names[encoder.id], setting, ready, counts[encoder.id])
            return self._with_index(connection, encoder, counts, switch)
        most = max(counts.values(), default=0)
        own = counts.get(encoder.id, 0)
        return self._with_index(
            connection, encoder, counts, Switch("", setting, own, most) if own < most else None
        )

    def _with_index(
        self, connection: Connection, encoder: Encoder, counts: Mapping[str, int], switch: Switch | None
    ) -> Searcher:
        self._calibration.adjust(connection, encoder, counts.get(encoder.id, 0))
        vectors = self.index(encoder.id, encoder.dimension)
        return Searcher(encoder, vectors, switch, self._meaning, self._attributes)

    def _first_of(self, ids: Sequence[str], names: Mapping[str, str]) -> Encoder | None:
        """Load the first encoder that can be used, of those that made vectors before."""
        return next((encoder for of in ids if (encoder := self._open(names[of], of)) is not None), None)

    def _open(self, name: str, encoder_id: str) -> Encoder | None:
        """Load an encoder of an earlier setting, if it is still here and still the same."""
        if encoder_id in self._unusable:
            return None
        try:
            encoder = self._load(name)
        except UserError as error:
            log.warning("the encoder %s that made the vectors cannot be used: %s", name, error)
        else:
            if encoder.id == encoder_id:
                return encoder
        self._unusable.add(encoder_id)
        return None

    def _load(self, name: str) -> Encoder:
        if self._loaded is None or self._loaded[0] != name:
            self._loaded = None  # never two in memory
            self._loaded = (name, self._opener(name))
        return self._loaded[1]
