"""The sizes of a BERT, and whether the one in a folder is a model that embeds sentences. Imports no torch."""

from dataclasses import dataclass
from pathlib import Path

from retake_core.errors import UserError
from retake_core.hub.model_folder import read_config, read_config_file, weight_files

TYPES = ("bert", "xlm-roberta")
"""Architectures of sentence models, as their config.json names them."""
MAX_TOKENS = 256
"""Of a sentence; what goes beyond is not read."""
POOLING = "1_Pooling/config.json"
"""Says how the tokens of a sentence become its vector; only models that embed sentences have it."""


@dataclass(frozen=True, slots=True)
class BertShape:
    """A BERT's sizes.

    Attributes:
        dimension: numbers of a token, and of a text.
        layers: how many.
        heads: of attention.
        intermediate: numbers inside a layer's second part.
        tokens: of a text at most.
        first_position: the number of a text's first place.
        epsilon: of the normalisations.
    """

    dimension: int
    layers: int
    heads: int
    intermediate: int
    tokens: int = MAX_TOKENS
    first_position: int = 0
    epsilon: float = 1e-12


def read_shape(folder: Path) -> BertShape:
    """Return the sizes of the sentence model in a folder.

    Raises:
        UserError: it is none that can be used; one sentence says why.
    """
    config = read_config(folder)
    kind = config.get("model_type")
    if kind not in TYPES or not (folder / POOLING).is_file():
        raise UserError(f"The model in {folder} does not embed sentences.")
    if read_config_file(folder / POOLING).get("pooling_mode_mean_tokens") is not True:
        raise UserError(f"The model in {folder} joins the words of a sentence otherwise than by their mean.")
    if config.get("hidden_act", "gelu") != "gelu":
        raise UserError(f"The model in {folder} has another activation than GELU.")
    weight_files(folder)
    try:
        first = int(config["pad_token_id"]) + 1 if kind == "xlm-roberta" else 0
        return BertShape(
            dimension=int(config["hidden_size"]),
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            intermediate=int(config["intermediate_size"]),
            tokens=min(MAX_TOKENS, int(config["max_position_embeddings"]) - first),
            first_position=first,
            epsilon=float(config.get("layer_norm_eps", 1e-12)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{folder / 'config.json'} is damaged; get the model again.") from error
