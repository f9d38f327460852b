"""Export rows into a file, and import them from one."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gardener_core.code.secrets.detection import find_secrets
from gardener_core.errors import BadInput
from gardener_core.system.files.atomic import write_whole, writing_aside
from gardener_core.system.files.regular import open_regular, parse_object, read_object
from gardener_core.training.data.kept.folder import LONGEST_LINE, row_line
from gardener_core.training.data.kept.row import DataRow
from gardener_core.training.exchange.formats import Format, dataset_info, from_record, to_record

INFO = "dataset_info.json"
LARGEST_LIST = 200_000_000  # bytes of a file that is one JSON list


@dataclass(frozen=True, slots=True)
class TakenRows:
    """How many rows were taken from a file, and why others were not."""

    rows: int
    reasons: Mapping[str, int]


def export_rows(rows: Iterable[DataRow], file: Path, format: Format) -> int:
    """Write rows as JSON lines, and beside them what LLaMA-Factory reads; how many there are."""
    count = 0
    try:
        with writing_aside(file) as new, new.open("w", encoding="utf-8") as lines:
            for row in rows:
                lines.write(json.dumps(to_record(row, format), ensure_ascii=False) + "\n")
                count += 1
        info = file.with_name(INFO)
        known = _info(info)
        entry = dataset_info(file.stem, file.name, format)
        write_whole(info, json.dumps({**known, **entry}, indent=2).encode())
    except OSError as problem:
        raise BadInput(
            f"{file} cannot be written: {problem.strerror}.", hint="Give a file in another folder."
        ) from None
    return count


def import_rows(file: Path, target: Path) -> TakenRows:
    """Read rows of any of the formats into a file of ours; rows with secrets are left out."""
    taken, reasons = 0, Counter[str]()
    with writing_aside(target) as new, new.open("wb") as lines:
        for record in _records(file):
            try:
                row = from_record(record)
            except (ValueError, TypeError, KeyError) as problem:
                reasons[str(problem)] += 1
                continue
            said = "\n".join(content for _, content in row.turns) or row.text
            if find_secrets(said):
                reasons["It holds a secret."] += 1
                continue
            lines.write(row_line(row))
            taken += 1
        if not taken:
            known = "messages, alpaca or sharegpt"
            raise BadInput(f"{file} has no row of training.", hint=f"It takes rows as {known}.")
    return TakenRows(taken, dict(reasons))


def _records(file: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file: JSON lines, or one list."""
    try:
        with open_regular(file) as lines:
            first = lines.peek(64).lstrip()[:1]
            if first == b"[":
                yield from _listed(lines.read(LARGEST_LIST))
                return
            while line := lines.readline(LONGEST_LINE):
                if line.strip():
                    yield parse_object(line)
    except OSError as problem:
        raise BadInput(f"{file} cannot be read: {problem.strerror}.") from None
    except (ValueError, RecursionError):
        raise BadInput(
            f"{file} is not JSON lines.", hint="Give a file with a JSON object a line, or a list."
        ) from None


def _listed(text: bytes) -> Iterator[dict[str, Any]]:
    for record in json.loads(text):
        if isinstance(record, dict):
            yield record


def _info(file: Path) -> dict[str, Any]:
    try:
        return read_object(file)
    except FileNotFoundError:
        return {}
    except ValueError:
        raise BadInput(
            f"{file} is there and is no JSON object.", hint="Export into another folder."
        ) from None
