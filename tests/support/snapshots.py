"""Whole screens as text files: what stands in each row, and a sign of how it looks."""

import os
from hashlib import sha256
from pathlib import Path

from textual.pilot import Pilot

FOLDER = Path(__file__).parents[1] / "tui" / "snapshots"
WRITE = os.environ.get("GARDENER_SNAPSHOTS") == "write"


def taken(pilot: Pilot[None]) -> str:
    """Each row: six letters that change with any colour or style in it, then its characters."""
    rows = []
    for strip in pilot.app.screen._compositor.render_strips():
        styles = [(segment.cell_length, str(segment.style)) for segment in strip.simplify()]
        sign = sha256(repr(styles).encode()).hexdigest()[:6]
        rows.append(f"{sign} {strip.text}".rstrip())
    return "\n".join(rows) + "\n"


def compare(name: str, now: str) -> None:
    """Fail where a row looks different from how it was kept; `make snapshots` keeps it anew."""
    file = FOLDER / f"{name}.txt"
    if WRITE:
        FOLDER.mkdir(exist_ok=True)
        file.write_text(now)
    before = file.read_text().split("\n") if file.exists() else []
    after = now.split("\n")
    assert len(before) == len(after), f"{name} had {len(before)} rows and has {len(after)}"
    changed = [(at, old, new) for at, (old, new) in enumerate(zip(before, after)) if old != new]  # noqa: B905
    told = "\n".join(f"row {at}\n  was {old}\n  is  {new}" for at, old, new in changed)
    assert not changed, f"{name} looks different (make snapshots keeps it):\n{told}"
