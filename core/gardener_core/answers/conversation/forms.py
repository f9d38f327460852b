"""Write a conversation as Markdown and as JSON."""

import dataclasses
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from gardener_core.answers.conversation.details import EVENTS, decode_events, encode_events
from gardener_core.answers.conversation.tree import Conversation, Entry
from gardener_core.events.card_text import card_text

FORMAT = 1


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
    cut = {"stopped": ["stopped"], "broken": ["broken off"]}.get(entry.ended, [])
    return ", ".join([name for name in dict.fromkeys(named) if name] + cut + [moment])


def _as_data(entry: Entry) -> dict[str, Any]:
    data = {
        field.name: getattr(entry, field.name)
        for field in dataclasses.fields(entry)
        if field.name not in EVENTS and field.name != "kept"
    }
    return data | encode_events({name: getattr(entry, name) for name in EVENTS})


def _entry(data: Mapping[str, Any]) -> Entry:
    facts = {**data, **decode_events(data)}
    known = {field.name for field in dataclasses.fields(Entry)}
    return Entry(**{name: value for name, value in facts.items() if name in known})
