"""What tells the meaning of sentences: MiniLM, which is installed and reads English, or one that was chosen."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from retake_core.encoders import packaged
from retake_core.encoders.bert_shape import read_shape
from retake_core.errors import UserError, one_line
from retake_core.hub.local_models import find_model
from retake_core.hub.model_folder import weight_files
from retake_core.hub.recommended import RECOMMENDED_SENTENCES
from retake_core.hub.weights import reading_weights
from retake_core.media.video_file import fingerprint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retake_core.encoders.bert import Bert

TOKENIZER = "tokenizer.json"


@dataclass(frozen=True, slots=True)
class SentenceModel:
    """A model that embeds sentences; it is loaded when it is first used, and stays in memory.

    Attributes:
        id: names its vectors.
        dimension: of these.
        english: whether it reads English alone.
        folder: where it lies; None is MiniLM's package.
    """

    id: str
    dimension: int
    english: bool = False
    folder: Path | None = None

    def load(self) -> "Bert":
        """Return the model.

        Raises:
            UserError: it is damaged.
        """
        if self.folder is not None:
            return _loaded(self.folder)
        from retake_core.encoders import minilm

        return minilm.shared_minilm()

    def vector(self, text: str) -> "NDArray[np.float32]":
        """Return a short text's vector, float32 [dimension], length 1; the last texts are remembered.

        Raises:
            UserError: the model is damaged.
        """
        if self.folder is not None:
            return _vector(self.folder, text)
        from retake_core.encoders import minilm

        return minilm.text_vector(text)


MINILM = SentenceModel(packaged.MINILM_ID, 384, english=True)


def chosen_sentences(name: str | None) -> SentenceModel | None:
    """Return what embeds sentences from now on.

    Args:
        name: of the settings: a folder, or the id of a model in the hub's cache; None is MiniLM.

    Returns:
        MiniLM where the chosen one is not here or cannot be used, and None without that.
    """
    if name is not None:
        try:
            return sentence_model(name)
        except UserError:  # `retake models list` tells why
            pass
    return MINILM if packaged.MINILM_ARCHIVE.find() is not None else None


def sentence_model(name: str) -> SentenceModel:
    """Return a model by its folder, or its id in the hub's cache; it is looked at, not loaded.

    Raises:
        UserError: it is not here, or cannot be used.
    """
    folder = find_model(name, RECOMMENDED_SENTENCES)
    shape = read_shape(folder)
    if not (folder / TOKENIZER).is_file():
        raise UserError(f"The model in {folder} has no tokenizer: {TOKENIZER} is missing.")
    try:
        content = fingerprint(weight_files(folder)[0])
    except OSError as error:
        raise UserError(f"The model in {folder} cannot be read ({error.strerror}).") from error
    return SentenceModel(f"sentences:{Path(name).name}:{content[:16]}", shape.dimension, folder=folder)


@lru_cache(1)
def _loaded(folder: Path) -> "Bert":
    from tokenizers import Tokenizer

    from retake_core.encoders.bert import Bert

    try:
        weights = _read_weights(folder)
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        return Bert(weights, tokenizer, read_shape(folder))
    except UserError:
        raise
    except Exception as error:  # libraries raise anything over files that they do not understand
        raise UserError(f"The model in {folder} cannot be loaded: {one_line(error)}.") from error


def _read_weights(folder: Path) -> "dict[str, NDArray[np.float32]]":
    """Return the weights by their published names, float32."""
    import numpy as np

    with reading_weights(folder, framework="np") as read:
        names = {name.removeprefix("bert.").removeprefix("roberta."): name for name in read}
        if not any(read[name].get_dtype() == "BF16" for name in names.values()):
            return {own: np.asarray(read[name][...], np.float32) for own, name in names.items()}
    with reading_weights(folder) as read:  # NumPy has no bfloat16
        return {own: read[name][...].float().numpy() for own, name in names.items()}


@lru_cache(64)
def _vector(folder: Path, text: str) -> "NDArray[np.float32]":
    vector = _loaded(folder).embed(text)
    vector.flags.writeable = False
    return vector
