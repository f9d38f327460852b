"""Write rows in the formats of other trainers, and read them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from gardener_core.training.data.kept.row import DataRow, Origin, Segment

Format = Literal["messages", "alpaca", "sharegpt"]
FORMATS: tuple[Format, ...] = get_args(Format)
_FROM = {"system": "system", "user": "human", "assistant": "gpt"}
_ROLES = {**{name: role for role, name in _FROM.items()}, "user": "user", "assistant": "assistant"}
Turns = tuple[tuple[str, str], ...]


def to_record(row: DataRow, format: Format) -> dict[str, Any]:
    """A row as a record; `segments` keep what is learned, which no format has a word for."""
    turns = row.turns or _completion(row)
    return {**_FIELDS[format](turns), **_provenance(row)}


def from_record(record: Mapping[str, Any]) -> DataRow:
    """A row of a record in any of the formats; a ValueError where it is none.

    Without segments the last answer is learned, as those formats mean it.
    """
    turns = _turns(record)
    if not turns or turns[-1][0] != "assistant" or not turns[-1][1].strip():
        raise ValueError("It has no answer to learn.")
    parts = record.get("segments", ())
    if not isinstance(parts, list | tuple):
        raise ValueError("Its segments are no list.")
    segments = tuple(
        Segment(str(part["text"]), bool(part["learned"]), bool(part.get("special")))
        for part in parts
        if isinstance(part, Mapping) and "text" in part and "learned" in part
    )
    source = record.get("source")
    source = source if isinstance(source, Mapping) else {}
    origin = Origin(
        path=str(source.get("path", "")),
        start_line=_number(source.get("start_line")),
        end_line=_number(source.get("end_line")),
        symbol=str(source.get("symbol", "")),
        commit=str(source.get("commit", "")),
        licence=str(source.get("licence", "")),
    )
    is_chat = record.get("chat", True) is not False
    return DataRow("imported", "imported", origin, segments, turns=turns if is_chat else ())


def dataset_info(name: str, file: str, format: Format) -> dict[str, Any]:
    """The entry of `dataset_info.json` by which LLaMA-Factory finds the file."""
    match format:
        case "alpaca":
            columns = {"prompt": "instruction", "query": "input", "response": "output"}
            return {name: {"file_name": file, "formatting": "alpaca", "columns":
                           {**columns, "system": "system"}}}  # fmt: skip
        case "sharegpt":
            columns = {"messages": "conversations", "system": "system"}
            return {name: {"file_name": file, "formatting": "sharegpt", "columns": columns}}
        case "messages":
            tags = {
                "role_tag": "role", "content_tag": "content", "user_tag": "user",
                "assistant_tag": "assistant", "system_tag": "system",
            }  # fmt: skip
            return {name: {"file_name": file, "formatting": "sharegpt", "columns":
                           {"messages": "messages"}, "tags": tags}}  # fmt: skip


def _messages(turns: Turns) -> dict[str, Any]:
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


def _alpaca(turns: Turns) -> dict[str, Any]:
    return {
        "instruction": _said(turns[:-1], "user"),
        "input": "",
        "output": turns[-1][1],
        "system": _said(turns, "system"),
    }


def _sharegpt(turns: Turns) -> dict[str, Any]:
    said = [(role, content) for role, content in turns if role != "system"]
    return {
        "conversations": [{"from": _FROM[role], "value": content} for role, content in said],
        "system": _said(turns, "system"),
    }


_FIELDS = {"messages": _messages, "alpaca": _alpaca, "sharegpt": _sharegpt}


def _said(turns: Sequence[tuple[str, str]], wanted: str) -> str:
    return "\n".join(content for role, content in turns if role == wanted)


def _completion(row: DataRow) -> Turns:
    """Text that is no conversation: what comes before the first learned part asks for the rest."""
    plain = [part for part in row.segments if not part.special]
    first = next((at for at, part in enumerate(plain) if part.learned), len(plain))
    read, learned = plain[:first], plain[first:]
    return (
        ("user", "".join(part.text for part in read)),
        ("assistant", "".join(part.text for part in learned)),
    )


def _provenance(row: DataRow) -> dict[str, Any]:
    origin = row.origin
    source = {
        "path": origin.path, "start_line": origin.start_line, "end_line": origin.end_line,
        "symbol": origin.symbol, "commit": origin.commit, "licence": origin.licence,
    }  # fmt: skip
    return {
        "segments": [
            {"text": part.text, "learned": part.learned, "special": part.special}
            for part in row.segments
        ],
        "chat": bool(row.turns),
        "share": row.share,
        "generator": row.generator,
        "source": {key: value for key, value in source.items() if value},
    }


def _turns(record: Mapping[str, Any]) -> Turns:
    """The turns of a record, whatever its format calls them."""
    system = record.get("system")
    head: Turns = (("system", system),) if isinstance(system, str) and system else ()
    for name, who, what in (("messages", "role", "content"), ("conversations", "from", "value")):
        said = record.get(name)
        if isinstance(said, list):
            return (*head, *(_turn(one, who, what) for one in said))
    if isinstance(record.get("output"), str):
        asked = [record.get("instruction"), record.get("input")]
        question = "\n".join(part for part in asked if isinstance(part, str) and part)
        return (*head, ("user", question), ("assistant", record["output"]))
    raise ValueError("It is of no known format.")


def _turn(one: object, who: str, what: str) -> tuple[str, str]:
    if not isinstance(one, Mapping):
        raise ValueError("A turn is no object.")
    role, content = one.get(who), one.get(what)
    if role not in _ROLES or not isinstance(content, str):
        raise ValueError("A turn has no known role.")
    return _ROLES[role], content


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
