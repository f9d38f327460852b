"""Write a conversation as Markdown and as JSON."""

import dataclasses
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from gardener_core.answers.conversation.tree import Conversation, Entry
from gardener_core.events.answer import Answered, Completed, Composed, Prompted
from gardener_core.events.card_text import card_text
from gardener_core.events.index import Retrieved
from gardener_core.events.json import decode, encode

FORMAT = 1
_EVENTS: Mapping[str, type] = {
    "retrieved": Retrieved,
    "card": Composed,
    "prompted": Prompted,
    "answered": Answered,
    "completed": Completed,
}


def answer_markdown(entry: Entry) -> str:
    """One question with its answer."""
    return "\n".join(_lines(entry))


def markdown(conversation: Conversation, project: str) -> str:
    """The branch in view, as a text to read."""
    parts = [f"# {project}\n", *(answer_markdown(entry) for entry in conversation.path)]
    return "\n".join(parts)


def json_text(conversation: Conversation, project: str) -> str:
    """Every branch, with all that came back, as data."""
    data = {
        "format": FORMAT,
        "project": project,
        "path": [entry.number for entry in conversation.path],
        "entries": [_as_data(entry) for entry in conversation.entries],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def read_json(text: str) -> Conversation:
    """The conversation that a JSON text holds."""
    data = json.loads(text)
    return Conversation((_entry(one) for one in data["entries"]), data["path"])


def _lines(entry: Entry) -> Iterator[str]:
    yield f"## {_heading(entry)}\n"
    if entry.card is not None:
        yield f"```text\n{card_text(entry.card)}```\n"
    if entry.words:
        yield (
            f"```\n{entry.text}{entry.words}\n```\n" if entry.kind == "code" else f"{entry.words}\n"
        )
    for citation in entry.cited:
        yield f"- [{citation.n}] {citation.path}:{citation.start_line} {citation.symbol}".rstrip()
    yield f"\n*{_who(entry)}*\n"


def _heading(entry: Entry) -> str:
    text = entry.text.strip() or "…"
    return f"/complete {text.splitlines()[-1]}" if entry.kind == "code" else text.replace("\n", " ")


def _who(entry: Entry) -> str:
    if entry.ended == "failed":
        return f"failed: {entry.problem}"
    done = entry.answered or entry.completed
    named = [done.model, done.adapter, done.backend] if done else []
    moment = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.asked_at))
    stopped = ["stopped"] if entry.ended == "stopped" else []
    return ", ".join([name for name in dict.fromkeys(named) if name] + stopped + [moment])


def _as_data(entry: Entry) -> dict[str, Any]:
    data = {
        field.name: getattr(entry, field.name)
        for field in dataclasses.fields(entry)
        if field.name not in _EVENTS
    }
    for name in _EVENTS:
        event = getattr(entry, name)
        if event is not None:
            data[name] = encode(event)
    return data


def _entry(data: Mapping[str, Any]) -> Entry:
    facts = dict(data)
    for name, kind in _EVENTS.items():
        event = decode(facts[name]) if name in facts else None
        # What a newer program wrote is left out, for nobody here could show it.
        facts[name] = event if isinstance(event, kind) else None
    known = {field.name for field in dataclasses.fields(Entry)}
    return Entry(**{name: value for name, value in facts.items() if name in known})
