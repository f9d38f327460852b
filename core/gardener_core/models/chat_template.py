"""Write a conversation in the form a model was taught."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gardener_core.errors import ModelUnfit
from gardener_core.models.gguf.header import read_gguf_facts, stamp_of
from gardener_core.models.model import BaseModel
from gardener_core.models.serving.served import ServedModel
from gardener_core.system.files.regular import read_regular

TEMPLATE_FILE = "chat_template.jinja"
LARGEST_TEMPLATE = 100_000
# What a message says stands in the template's output as a mark, so that none of it can be taken
# for a special token: what is quoted from a project may hold the words that end a turn.
_MARK = re.compile(r"\ue000(\d+)\ue001")
_SPECIAL = re.compile(r"<\|[^<>|\s]{1,40}\|>|</?[a-z_]{1,30}>|\[/?[A-Z_]{1,20}\]")


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """A turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class ChatPart:
    """A part of a conversation as it is written: the template's own text, or what a turn says."""

    text: str
    turn: int | None = None


def chat_template_of(base: BaseModel) -> str:
    """The chat template of a base; empty where it has none."""
    if base.format == "gguf":
        return _form_in(base.gguf, *stamp_of(base.gguf)).template
    return folder_template(base.folder)


def folder_template(folder: Path) -> str:
    """The chat template in a transformers folder; empty where it has none."""
    file = folder / TEMPLATE_FILE
    return read_regular(file).decode("utf-8", "replace") if file.is_file() else ""


def chat_prompt(
    model: ServedModel, base: BaseModel, messages: Sequence[ChatTurn]
) -> tuple[list[int], str]:
    """A conversation up to the model's turn: its tokens, and the same as text."""
    ids = list(begin_of(base))
    text = ""
    for part in chat_parts(base, messages):
        is_content = part.turn is not None
        ids += model.tokenize(part.text) if is_content else _template_ids(model, part.text)
        text += part.text
    return ids, text


def chat_parts(
    base: BaseModel, messages: Sequence[ChatTurn], *, asks: bool = True
) -> list[ChatPart]:
    """A conversation in parts; where it asks, it ends with the beginning of the model's turn."""
    rendered = _rendered(base, messages, asks)
    parts = []
    at = 0
    for mark in _MARK.finditer(rendered):
        turn = int(mark[1])
        parts += [ChatPart(rendered[at : mark.start()]), ChatPart(messages[turn].content, turn)]
        at = mark.end()
    return [*parts, ChatPart(rendered[at:])]


def _rendered(base: BaseModel, messages: Sequence[ChatTurn], asks: bool) -> str:
    template = chat_template_of(base)
    if not template or len(template) > LARGEST_TEMPLATE:
        raise _unfit(base, "has no chat template")
    marked = [
        {"role": message.role, "content": f"\ue000{number}\ue001"}
        for number, message in enumerate(messages)
    ]
    sandbox = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    try:
        text = sandbox.from_string(template).render(
            messages=marked, add_generation_prompt=asks, bos_token="", eos_token=""
        )
    except (TemplateError, TypeError, ValueError) as problem:
        raise _unfit(base, f"has a chat template that cannot be filled in ({problem})") from None
    if sorted(map(int, _MARK.findall(text))) != list(range(len(messages))):
        raise _unfit(base, "has a chat template that leaves out a turn")
    return text


def begin_of(base: BaseModel) -> Sequence[int]:
    """The token that every text of some models begins with."""
    is_gguf = base.format == "gguf"
    begin = _form_in(base.gguf, *stamp_of(base.gguf)).begin if is_gguf else None
    return [] if begin is None else [begin]


@dataclass(frozen=True, slots=True)
class _Form:
    """What a GGUF file says of the form of a conversation."""

    template: str
    begin: int | None


@lru_cache(maxsize=8)
def _form_in(gguf: Path, size: int, changed_ns: int) -> _Form:
    """The header with its vocabulary takes a fifth of a second to read, so it is read once."""
    values = read_gguf_facts(gguf).values
    begin = values.get("tokenizer.ggml.bos_token_id")
    begins = values.get("tokenizer.ggml.add_bos_token") is True and isinstance(begin, int)
    return _Form(str(values.get("tokenizer.chat_template", "")), begin if begins else None)


def _template_ids(model: ServedModel, text: str) -> list[int]:
    """The ids of the template's own text, in which special tokens are meant."""
    ids: list[int] = []
    for piece, number in special_pieces(text, model.special):
        ids += model.tokenize(piece) if number is None else [number]
    return ids


def special_pieces(
    text: str, special: Callable[[str], int | None]
) -> Iterator[tuple[str, int | None]]:
    """A template's own text in pieces; those that are special tokens with their ids."""
    at = 0
    for match in _SPECIAL.finditer(text):
        number = special(match[0])
        if number is None:
            continue
        if before := text[at : match.start()]:
            yield before, None
        yield match[0], number
        at = match.end()
    if text[at:]:
        yield text[at:], None


def _unfit(base: BaseModel, why: str) -> ModelUnfit:
    return ModelUnfit(f"{base.name} {why}, so it cannot explain.", hint="It completes code.")
