"""Read conversations that ChatGPT or Claude exported."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from gardener_core.errors import BadInput

MOST_MESSAGES = 20_000  # of one conversation
MOST_CHARACTERS = 400_000  # of one message
_ROLES: Mapping[str, Literal["user", "assistant"]] = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
}
_HINT = "Give the conversations.json of a ChatGPT or Claude export."


@dataclass(frozen=True, slots=True)
class ForeignMessage:
    """A message; `parent` is the place of the one it replies to, in the list of all."""

    parent: int | None
    role: Literal["user", "assistant"]
    text: str
    created: float


# What is not taken over: messages of tools and of the system, messages without words such as
# pictures, messages beyond the most, and the end of a message that is too long.
LeftOut = Literal["other_speakers", "no_words", "too_many", "cut"]


@dataclass(frozen=True, slots=True)
class ForeignChat:
    """A conversation; `source` is the same for the same conversation with the same words.

    `left_out` counts what is not in it. One without any words has no messages.
    """

    title: str
    messages: Sequence[ForeignMessage]
    source: str
    left_out: Mapping[LeftOut, int]


@dataclass(slots=True)
class _Node:
    """A message of the export, before neighbours of one speaker are joined."""

    parent: str | None
    role: Literal["user", "assistant"] | None
    text: str
    created: float


def read_foreign(data: bytes) -> Iterator[ForeignChat]:
    """The conversations of an export; what is in it besides words is left out, and counted."""
    if data[:2] == b"PK":
        raise BadInput("This is a zip archive.", hint=f"Unpack it. {_HINT}")
    try:
        read = json.loads(data)
    except (ValueError, RecursionError):
        raise BadInput("This is no JSON that can be read.", hint=_HINT) from None
    if not isinstance(read, list) or not all(isinstance(one, dict) for one in read):
        raise BadInput("This is no list of conversations.", hint=_HINT)
    if not any("mapping" in one or "chat_messages" in one for one in read):
        raise BadInput("There is no conversation in it.", hint=_HINT)
    for one in read:
        left_out: Counter[LeftOut] = Counter()
        nodes = _of_chatgpt(one, left_out) if "mapping" in one else _of_claude(one, left_out)
        messages = _joined(nodes, left_out)
        title = _text(one.get("title") or one.get("name"))
        name = _text(one.get("conversation_id") or one.get("id") or one.get("uuid"))
        words = [name, *(message.text for message in messages)]
        digest = hashlib.sha256("\0".join(words).encode()).hexdigest()
        yield ForeignChat(title, messages, f"import {digest[:32]}", left_out)


def _of_chatgpt(chat: Mapping[str, Any], left_out: Counter[LeftOut]) -> dict[str, _Node]:
    mapping = chat["mapping"]
    nodes: dict[str, _Node] = {}
    for name, node in mapping.items() if isinstance(mapping, dict) else ():
        if not isinstance(node, dict):
            continue
        if len(nodes) >= MOST_MESSAGES:
            left_out["too_many"] += 1
            continue
        message = _dict(node.get("message"))
        content, author = _dict(message.get("content")), _dict(message.get("author"))
        parent, parts = node.get("parent"), content.get("parts")
        texts = parts if isinstance(parts, list) else [content.get("text")]
        nodes[name] = made = _Node(
            parent if isinstance(parent, str) else None,
            _ROLES.get(str(author.get("role"))),
            "\n\n".join(filter(None, map(_text, texts))),
            _moment(message.get("create_time")),
        )
        if message:  # the root of the tree has none
            _count(made, texts, left_out)
    return nodes


def _of_claude(chat: Mapping[str, Any], left_out: Counter[LeftOut]) -> dict[str, _Node]:
    listed = chat.get("chat_messages")
    nodes: dict[str, _Node] = {}
    before: str | None = None
    for place, message in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(message, dict):
            continue
        if len(nodes) >= MOST_MESSAGES:
            left_out["too_many"] += 1
            continue
        name = str(message.get("uuid") or place)
        content = message.get("content")
        pieces = content if isinstance(content, list) else []
        texts = [_dict(one).get("text") for one in pieces]
        written = "\n\n".join(filter(None, map(_text, texts)))
        parent = message.get("parent_message_uuid")
        nodes[name] = made = _Node(
            parent if isinstance(parent, str) and parent in nodes else before,
            _ROLES.get(str(message.get("sender"))),
            written or _text(message.get("text")),
            _moment(message.get("created_at")),
        )
        _count(made, texts if written else [message.get("text")], left_out)
        before = name
    return nodes


def _joined(nodes: dict[str, _Node], left_out: Counter[LeftOut]) -> Sequence[ForeignMessage]:
    """Questions and answers in turn: what one speaker says in a row is one message."""
    replies: dict[str | None, list[str]] = defaultdict(list)
    for name, node in nodes.items():
        replies[node.parent if node.parent in nodes else None].append(name)
    joined: dict[str, _Node] = {}
    superseded: set[str] = set()
    above: dict[str, str | None] = {}  # the message that a node is, or is part of
    waiting = replies[None][::-1]
    while waiting:
        name = waiting.pop()
        node = nodes[name]
        over = above.get(node.parent or "")
        waiting += replies[name][::-1]
        if node.role is None or not node.text:
            above[name] = over
            continue
        before = joined.get(over or "")
        if before is not None and before.role == node.role:
            superseded.add(over or "")
            text = f"{before.text}\n\n{node.text}"
            left_out["cut"] += len(text) > MOST_CHARACTERS
            text = text[:MOST_CHARACTERS]
            node, over = _Node(None, node.role, text, node.created), before.parent
        joined[name] = _Node(over, node.role, node.text, node.created)
        above[name] = name
    needed = {node.parent for name, node in joined.items() if name not in superseded}
    kept = [name for name in joined if name not in superseded or name in needed]
    places = {name: place for place, name in enumerate(kept)}
    return [
        ForeignMessage(places.get(node.parent or ""), node.role or "user", node.text, node.created)
        for node in map(joined.__getitem__, kept)
    ]


def _count(node: _Node, texts: Sequence[object], left_out: Counter[LeftOut]) -> None:
    """Count what of a message is not taken over."""
    if node.role is None:
        left_out["other_speakers"] += 1
    else:
        pictures = sum(not isinstance(one, str) for one in texts)
        left_out["no_words"] += pictures if node.text else 1
    left_out["cut"] += sum(isinstance(one, str) and len(one) > MOST_CHARACTERS for one in texts)


def _text(value: object) -> str:
    """Text that can be stored."""
    if not isinstance(value, str):
        return ""
    cleaned = value.encode("utf-8", "replace").decode().replace("\0", "")
    return cleaned.strip()[:MOST_CHARACTERS]


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _moment(value: object) -> float:
    """Seconds since 1970; 0 where there is no time."""
    if isinstance(value, int | float) and 0 < value < 1e11:
        return float(value)
    try:
        return datetime.fromisoformat(str(value)).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
