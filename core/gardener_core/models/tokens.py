"""The tokenizer of a base model."""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from gardener_core.errors import ModelUnfit


class TextTokens:
    """The tokenizer of one base; no text is ever taken for a special token."""

    def __init__(self, folder: Path) -> None:
        path = folder / "tokenizer.json"
        if not path.is_file():
            raise ModelUnfit(
                f"{folder.name} has no tokenizer.json.", hint="Use a model with a fast tokenizer."
            )
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.encode_special_tokens = True

    def encode(self, text: str) -> list[int]:
        """The ids of a text, without special tokens around it."""
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def encode_with_ends(self, text: str) -> tuple[list[int], list[int]]:
        """The ids of a text, and the offset in characters at which each ends."""
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        return encoded.ids, [end for _, end in encoded.offsets]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids, special tokens included."""
        text: str = self._tokenizer.decode(list(ids), skip_special_tokens=False)
        return text

    def special(self, name: str) -> int | None:
        """The id of a special token, where the base has it."""
        number: int | None = self._tokenizer.token_to_id(name)
        return number
