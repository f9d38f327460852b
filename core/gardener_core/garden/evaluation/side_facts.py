"""Say how an adapter was trained, and on what."""

import dataclasses
import time
from collections.abc import Iterator

from gardener_core.garden.evaluation.comparing import LearnedRows, Side
from gardener_core.settings.schema import TrainingSettings

# They change nothing of what is learned.
_UNIMPORTANT = frozenset({"threads", "by_itself", "probe_lines"})
NONE = "-"


def facts_of(side: Side) -> list[tuple[str, str]]:
    """Every fact by its name, always the same names in the same order."""
    adapter, run, card = side.adapter, side.run, side.measured.card if side.measured else None
    trained = time.strftime("%Y-%m-%d %H:%M", time.localtime(adapter.created)) if adapter else NONE
    return [
        ("adapter", adapter.version if adapter else NONE),
        ("state", (adapter.caveat or "passed") if adapter else run.state if run else NONE),
        ("trained", trained),
        ("run", run.id if run else NONE),
        ("base", side.base or NONE),
        ("goes on from", side.parent or NONE),
        *_settings(side.training),
        *_rows(side.rows),
        ("measured", card.setting.measured if card else NONE),
        ("measured for", f"{card.setting.minutes:g} minutes" if card else NONE),
        ("commit", card.setting.commit[:12] or NONE if card else NONE),
        ("held-out files", f"{card.held_out_files}" if card else NONE),
        ("their sha256", card.setting.files_sha256[:12] if card else NONE),
        ("control", card.setting.control or NONE if card else NONE),
    ]


def _settings(training: TrainingSettings | None) -> Iterator[tuple[str, str]]:
    for field in dataclasses.fields(TrainingSettings):
        if field.name not in _UNIMPORTANT:
            value = NONE if training is None else f"{getattr(training, field.name)}"
            yield field.name.replace("_", " "), value


def _rows(rows: LearnedRows | None) -> Iterator[tuple[str, str]]:
    report = rows.report if rows else None
    yield "rows", f"{report.rows:,}" if report else NONE
    yield "tokens of them", f"{report.tokens:,}" if report else NONE
    shares = (
        ", ".join(f"{one.share} {one.rows}" for one in report.shares if one.rows) if report else ""
    )
    yield "rows by share", shares or NONE
    yield "sha256 of the rows", rows.sha256[:12] if rows else NONE
