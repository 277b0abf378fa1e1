"""Small random sentence models of the real classes, in the folders that the hub has them in."""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel

WORDS = "we can not afford a new roof money dog the über geld 钱 wir haben kein"
SIZES: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "max_position_embeddings": 40,
}


def save_sentence_model(folder: Path, kind: str = "bert") -> Path:
    """Write a model of a kind into a folder that is made, and return it."""
    names = ["<s>", "<pad>", "</s>", "<unk>", *WORDS.split()]
    torch.manual_seed(0)
    model: Any
    if kind == "bert":
        model = BertModel(BertConfig(vocab_size=len(names), **SIZES))
    else:
        model = XLMRobertaModel(XLMRobertaConfig(vocab_size=len(names), pad_token_id=1, **SIZES))
    model.eval().save_pretrained(folder)
    level: Any = models.WordLevel
    tokenizer: Any = Tokenizer(level({name: number for number, name in enumerate(names)}, unk_token="<unk>"))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_mean_tokens": True}))
    return folder
