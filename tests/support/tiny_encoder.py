"""A tiny encoder made at random: as a transformers folder, as a GGUF, and as the reference."""

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import gguf
import numpy as np
import torch
from numpy.typing import NDArray
from transformers import BertConfig, BertModel, BertTokenizer

WORDS = (
    "def", "class", "return", "self", "import", "from", "the", "a", "of", "to", "in", "is",
    "refresh", "token", "session", "read", "file", "open", "close", "socket", "port", "listen",
    "rotate", "key", "value", "name", "path", "error", "test", "search", "query", "document",
    "code", "where", "how", "does", "serve", "forever", "page", "module", "x", "y", "z",
)  # fmt: skip
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
MODES = ("cls_token", "mean_tokens", "lasttoken")
DIMENSIONS, LAYERS, HEADS, INNER, POSITIONS = 32, 2, 4, 64, 128


def vocabulary() -> list[str]:
    letters = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    inner = [f"##{letter}" for letter in letters if letter.isalnum()]
    return list(dict.fromkeys([*SPECIAL, *WORDS, *letters, *inner]))


def save_folder(folder: Path, pooling: str = "mean", seed: int = 0) -> Path:
    """The encoder as sentence-transformers keeps one."""
    words = vocabulary()
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=DIMENSIONS,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=INNER,
        max_position_embeddings=POSITIONS,
        initializer_range=0.4,  # so that texts differ
    )
    folder.mkdir(parents=True)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(words))
    tokenizer = BertTokenizer(str(folder / "vocab.txt"), model_max_length=POSITIONS)
    tokenizer.save_pretrained(folder)
    (folder / "1_Pooling").mkdir()
    modes = {f"pooling_mode_{mode}": mode.startswith(pooling) for mode in MODES}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(modes))
    return folder


class Reference:
    """What the vectors have to be, computed without any of our code."""

    def __init__(self, folder: Path, pooling: str = "mean") -> None:
        self._tokenizer = BertTokenizer.from_pretrained(folder)
        self._model = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
        self._pooling = pooling

    def tokens(self, text: str) -> int:
        return len(self._tokenizer(text)["input_ids"])

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._one(text) for text in texts])

    @torch.inference_mode()
    def _one(self, text: str) -> NDArray[np.float32]:
        states = self._model(**self._tokenizer(text, return_tensors="pt")).last_hidden_state[0]
        pooled = {"mean": states.mean(0), "cls": states[0], "last": states[-1]}[self._pooling]
        vector: NDArray[np.float32] = (pooled / pooled.norm()).numpy()
        return vector


def write_gguf(folder: Path, path: Path, name: str = "tiny") -> Path:
    """The same weights as llama.cpp reads them."""
    model = BertModel.from_pretrained(folder, add_pooling_layer=False)
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_name(name)
    writer.add_context_length(POSITIONS)
    writer.add_embedding_length(DIMENSIONS)
    writer.add_feed_forward_length(INNER)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_eps(model.config.layer_norm_eps)
    writer.add_causal_attention(False)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    words = (
        (folder / "vocab.txt").read_text().split("\n") if (folder / "vocab.txt").exists() else []
    )
    words = words or list(dict.fromkeys(vocabulary()))
    writer.add_token_type_count(2)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([_phantom(word) for word in words])
    kinds = [gguf.TokenType.CONTROL if w in SPECIAL else gguf.TokenType.NORMAL for w in words]
    writer.add_token_types(kinds)
    for at, add in enumerate(
        (writer.add_pad_token_id, writer.add_unk_token_id, writer.add_bos_token_id,
         writer.add_sep_token_id, writer.add_mask_token_id)
    ):  # fmt: skip
        add(at)
    for key, tensor in model.state_dict().items():
        if "position_ids" not in key:
            writer.add_tensor(_tensor_name(key), tensor.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _phantom(word: str) -> str:
    if word in SPECIAL:
        return word
    return word[2:] if word.startswith("##") else f"\u2581{word}"


@cache
def _names() -> gguf.TensorNameMap:
    return gguf.get_tensor_name_map(gguf.MODEL_ARCH.BERT, LAYERS)


def _tensor_name(key: str) -> str:
    found = _names().get_name(re.sub(r"^bert\.", "", key), (".weight", ".bias"))
    assert found, key
    return found
