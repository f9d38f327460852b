"""Read conversations that ChatGPT or Claude exported."""

import hashlib
import json
from collections import defaultdict
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


@dataclass(frozen=True, slots=True)
class ForeignChat:
    """A conversation; `source` is the same for the same conversation with the same words."""

    title: str
    messages: Sequence[ForeignMessage]
    source: str


@dataclass(slots=True)
class _Node:
    """A message of the export, before neighbours of one speaker are joined."""

    parent: str | None
    role: Literal["user", "assistant"] | None
    text: str
    created: float


def read_foreign(data: bytes) -> Iterator[ForeignChat]:
    """The conversations of an export; what is in it besides words is left out."""
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
        nodes = _of_chatgpt(one) if "mapping" in one else _of_claude(one)
        messages = _joined(nodes)
        if messages:
            title = _text(one.get("title") or one.get("name"))
            name = _text(one.get("conversation_id") or one.get("id") or one.get("uuid"))
            words = [name, *(message.text for message in messages)]
            digest = hashlib.sha256("\0".join(words).encode()).hexdigest()
            yield ForeignChat(title, messages, f"import {digest[:32]}")


def _of_chatgpt(chat: Mapping[str, Any]) -> dict[str, _Node]:
    mapping = chat["mapping"]
    nodes: dict[str, _Node] = {}
    for name, node in mapping.items() if isinstance(mapping, dict) else ():
        if not isinstance(node, dict) or len(nodes) >= MOST_MESSAGES:
            continue
        message = _dict(node.get("message"))
        content, author = _dict(message.get("content")), _dict(message.get("author"))
        parent, parts = node.get("parent"), content.get("parts")
        texts = parts if isinstance(parts, list) else [content.get("text")]
        nodes[name] = _Node(
            parent if isinstance(parent, str) else None,
            _ROLES.get(str(author.get("role"))),
            "\n\n".join(filter(None, map(_text, texts))),
            _moment(message.get("create_time")),
        )
    return nodes


def _of_claude(chat: Mapping[str, Any]) -> dict[str, _Node]:
    listed = chat.get("chat_messages")
    nodes: dict[str, _Node] = {}
    before: str | None = None
    for place, message in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(message, dict) or len(nodes) >= MOST_MESSAGES:
            continue
        name = str(message.get("uuid") or place)
        content = message.get("content")
        pieces = content if isinstance(content, list) else []
        parts = [_text(_dict(one).get("text")) for one in pieces]
        parent = message.get("parent_message_uuid")
        nodes[name] = _Node(
            parent if isinstance(parent, str) and parent in nodes else before,
            _ROLES.get(str(message.get("sender"))),
            "\n\n".join(filter(None, parts)) or _text(message.get("text")),
            _moment(message.get("created_at")),
        )
        before = name
    return nodes


def _joined(nodes: dict[str, _Node]) -> Sequence[ForeignMessage]:
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
            text = f"{before.text}\n\n{node.text}"[:MOST_CHARACTERS]
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
