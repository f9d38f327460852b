"""Compare the prompts and the end tokens of two models."""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from jinja2 import TemplateError
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from gardener_core.errors import EngineLost
from gardener_core.models.chat_template import folder_template
from gardener_core.models.llama.client import Llama
from gardener_core.models.probe import PROBE
from gardener_core.models.tokens import TextTokens

Messages = Sequence[dict[str, str]]
_USER = {"role": "user", "content": "Where is `parse_args` defined?\n\n    def f(x): return x + 1"}
_ANSWER = {"role": "assistant", "content": "In core.py, line 12."}
CONVERSATIONS: Sequence[Messages] = (
    [_USER],
    [_USER, _ANSWER, {"role": "user", "content": "And 3.14 of it?"}],
    [{"role": "system", "content": "Be brief."}, _USER],
)


def differing_prompts(folder: Path, llama: Llama) -> tuple[int, int]:
    """How many conversations there are that both can write, and how many come out differently.

    The text counts, and the token ids that each makes of its own.
    """
    if not folder_template(folder):
        return 0, 0
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    prompts = differing = 0
    for messages in CONVERSATIONS:
        expected = _rendered(tokenizer, messages)
        if expected is None:
            continue  # Gemma has no system turn
        prompts += 1
        differing += not _is_same(tokenizer, expected, messages, llama)
    return prompts, differing


def differing_texts(folder: Path, llama: Llama, texts: Sequence[str]) -> tuple[int, int]:
    """How many texts there are, with one of odd letters and numbers, and how many split otherwise.

    Letters are composed first: some tokenizers of transformers do, llama.cpp does not.
    """
    tokens = TextTokens(folder)
    composed = [unicodedata.normalize("NFC", text) for text in (*texts, PROBE)]
    return len(texts), sum(tokens.encode(text) != llama.tokenize(text) for text in composed)


def missing_ends(folder: Path, llama: Llama) -> tuple[int, int]:
    """How many tokens end a text of the trained model, and how many do not end it here."""
    ends = sorted(set(_end_tokens(folder)))
    return len(ends), sum(not llama.ends_at(token) for token in ends)


def _rendered(tokenizer: PreTrainedTokenizerBase, messages: Messages) -> str | None:
    try:
        return str(
            tokenizer.apply_chat_template(
                list(messages), tokenize=False, add_generation_prompt=True
            )
        )
    except (TemplateError, TypeError, ValueError):
        return None


def _is_same(
    tokenizer: PreTrainedTokenizerBase, expected: str, messages: Messages, llama: Llama
) -> bool:
    try:
        text = llama.rendered(messages)
    except EngineLost:
        return False
    # llama.cpp leaves the first token to the tokenizer.
    begin = str(tokenizer.bos_token or "")
    if text.removeprefix(begin) != expected.removeprefix(begin):
        return False
    ids: list[int] = tokenizer.encode(expected, add_special_tokens=False)
    return ids == llama.template_ids(text)


def _end_tokens(folder: Path) -> Iterator[int]:
    for name in ("config.json", "generation_config.json"):
        try:
            ends = json.loads((folder / name).read_bytes()).get("eos_token_id")
        except (OSError, ValueError):
            continue
        yield from ends if isinstance(ends, list) else [] if ends is None else [ends]
