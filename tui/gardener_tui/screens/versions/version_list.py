"""Choose a version, and what is done with it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, assert_never

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from gardener_core.garden.versions.listing import Version
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.system.numbers import size
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.screens.pickers.pick_box import Choice, PickBox
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import bits, changed_since, when

VersionAct = Literal["use", "name", "note", "archive", "remove", "deploy"]


@dataclass(frozen=True, slots=True)
class VersionWish:
    """What is to be done with a version."""

    act: VersionAct
    version: Version


class VersionList(Sheet[VersionWish | None]):
    """Every version of a project; gives what is to be done with the highlighted one."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("versions")

    def __init__(self, project: Project, versions: Sequence[Version], at: str = "") -> None:
        super().__init__()
        self._versions: Mapping[str, Version] = {one.adapter.version: one for one in versions}
        self._at = at or project.adapter
        now = time.time()
        choices = [_choice(one, now) for one in versions]
        title = f"Adapters of {project.name}"
        self._box = PickBox(title, "Which one answers?", choices, self._at)

    def compose(self) -> ComposeResult:
        """The list and its keys."""
        yield self._box
        yield Hints("versions")

    @on(PickBox.Highlighted)
    def _highlighted(self, event: PickBox.Highlighted) -> None:
        self._at = event.choice
        if one := self._versions.get(self._at):
            self._box.show_details(_details(one))

    @on(PickBox.Picked)
    def _picked(self, event: PickBox.Picked) -> None:
        self._at = event.choice or ""
        self._want("use")

    def action_act(self, act: VersionAct) -> None:
        """Do something with the highlighted version."""
        if self._at in self._versions:
            self._want(act)

    def _want(self, act: VersionAct) -> None:
        one = self._versions.get(self._at)
        self.dismiss(VersionWish(act, one) if one else None)


def _choice(one: Version, now: float) -> Choice:
    adapter, partial = one.adapter, one.partial
    title, base = clean_line(adapter.title), clean_line(adapter.base)
    notes = [f"partial, step {partial.step}/{partial.steps}"] if partial else []
    notes += [f"{changed_since(one.drift)} changed"] if one.drift and one.drift.changed else []
    line = styled(
        ("● " if one.active else "○ ", "$accent"),
        (f"{title[:18]:<19}", "bold"),
        (f"{_short(adapter):<15}", "$warning" if adapter.caveat else "$success"),
        (f"{', '.join(notes)}  " if notes else "", "$warning"),
        (f"{bits(one.held_out):<26}", ""),
        (f"on {base[:20]:<21}", "$primary"),
        (f"{size(adapter.bytes):>9}  {when(adapter.created, now)}", "$label"),
    )
    return Choice(adapter.version, line, f"{title} {base}")


def _short(adapter: Adapter) -> str:
    """What has to be said of its answers, in a word or two; the reason stands in the details."""
    match adapter.state:
        case "trained" | "partial":
            return "▲ not measured"
        case "scored":
            return "▲ undecided"
        case "failed" | "archived":
            return f"▲ {adapter.state}"
        case "passed":
            return "✔ passed"
        case _ as never:
            assert_never(never)


def _details(one: Version) -> Content:
    """The note of a version, and what its record says of it."""
    adapter, record = one.adapter, one.record
    lines = [clean_line(adapter.note)] if adapter.note else []
    lines += [clean_line(adapter.caveat)] if adapter.reason else []
    if record is not None and record.origin == "brought in":
        lines.append(f"brought in from {clean_line(record.taken_from)}")
    elif record is not None and record.recipe is not None:
        recipe = record.recipe
        parent = f", on from {clean_line(record.parent)}" if record.parent else ""
        commit = f", commit {clean_line(record.commit)[:10]}" if record.commit else ""
        lines.append(
            f"{recipe.steps} steps, rank {recipe.rank}, seed {recipe.seed}{parent}{commit}"
        )
    return styled(("\n".join(lines), "$label"))
