"""A project in the list, and its facts below."""

from collections.abc import Mapping

from rich.cells import cell_len
from textual.content import Content

from gardener_core.evaluation.held_out import Scores
from gardener_core.garden.index import Health
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.system.numbers import size
from gardener_core.system.terminal_text import clean_line
from gardener_core.training.retraining.drift import Drift
from gardener_tui.keymap import Keymap
from gardener_tui.panes.projects.index_state import IndexState
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.wording import beginning, bits, changed_since, count, counted, ending

LABEL = 9
MOST_ADAPTERS = 4
# From here on a project has one line, with columns.
ONE_LINE = 60
_NAME, _STATE, _FILES, _SIZE = 20, 15, 14, 9


def entry(
    project: Project, state: IndexState, health: Health | None, keys: Keymap, width: int
) -> Content:
    """One project; where a key helps, it is named."""
    look, name = state.look, clean_line(project.name)
    helps = _helps(state, keys)
    if width < ONE_LINE:
        first: list[Part] = [(f"{look.glyph} ", look.colour), (name, "bold")]
        if project.adapter:
            first.append((f"  {clean_line(project.adapter)}", "$accent"))
        indent = " " * (cell_len(look.glyph) + 1)
        more: list[Part] = helps or [(counted(project.files, "file"), "$label")]
        quiet = state.part is not None and not helps
        colour = "$label" if look.word == "ready" else look.colour
        rest: list[Part] = [] if quiet else [(" · ", "$label"), *more]
        return styled(*first, f"\n{indent}", (clean_line(state.word), colour), *rest)
    adapter = clean_line(project.adapter)
    shown = beginning(name, _NAME - 1 - len(adapter) - bool(adapter))
    label = styled((shown, "bold"), (f" {adapter}" if adapter else "", "$accent"))
    room = width - _NAME - _STATE - _FILES - _SIZE - 3
    code = ", ".join(clean_line(language) for language in project.languages)
    end = helps or [(beginning(code, max(0, room)), "$label")]
    return styled(
        (f"{look.glyph} ", look.colour),
        label,
        " " * max(1, _NAME + 1 - label.cell_length - cell_len(look.glyph)),
        (f"{beginning(clean_line(state.word), _STATE - 1):<{_STATE}}", look.colour),
        (f"{counted(project.files, 'file'):>{_FILES - 2}}  ", ""),
        (f"{size(health.bytes) if health else '':>{_SIZE - 2}}  ", "$label"),
        *end,
    )


def facts(
    project: Project,
    state: IndexState,
    health: Health | None,
    adapters: tuple[Adapter, ...],
    held_out: Mapping[str, Scores],
    drift: Drift | None,
    keys: Keymap,
    width: int,
) -> Content:
    """The facts of the selected project."""
    room = max(8, width - LABEL)
    status: list[Part] = [(clean_line(state.word), state.look.colour)]
    if state.problem:
        status.append((f": {clean_line(state.problem)}", state.look.colour))
    if helps := _helps(state, keys):
        status += [" · ", *helps]
    rows = [
        _fact("folder", ending(clean_line(str(project.path)), room)),
        _fact("base", project.base or "not chosen yet"),
        styled(("state".ljust(LABEL), "$label"), *status),
        _fact("files", count(project.files)),
        _fact("chunks", count(project.chunks)),
        _fact("code", ", ".join(project.languages) or "none known"),
        _fact("on disk", size(health.bytes) if health else "…"),
    ]
    return Content("\n").join([*rows, *_adapters(project, adapters, held_out, drift, keys)])


def _adapters(
    project: Project,
    adapters: tuple[Adapter, ...],
    held_out: Mapping[str, Scores],
    drift: Drift | None,
    keys: Keymap,
) -> list[Content]:
    if not adapters:
        return [_fact("adapters", f"none yet, {keys.key('run.train').shown} trains one")]
    rows = [
        styled(
            (("adapters" if at == 0 else "").ljust(LABEL), "$label"),
            ("● " if adapter.version == project.adapter else "○ ", "$accent"),
            adapter.version,
            (" ▲", "$warning") if adapter.caveat else (" ✔", "$success"),
            (f" {bits(held_out.get(adapter.run)) or size(adapter.bytes)}", "$label"),
            *_gate(adapter),
        )
        for at, adapter in enumerate(adapters[:MOST_ADAPTERS])
    ]
    if drift and drift.changed:  # since the active one was trained
        rows.append(styled(("changed".ljust(LABEL), "$label"), (changed_since(drift), "$warning")))
    return rows


def _gate(adapter: Adapter) -> list[Part]:
    """What the gate said of an adapter."""
    if adapter.caveat:
        return [(f"  {clean_line(adapter.caveat)}", "$warning")]
    return [("  passed", "$success")]


def _helps(state: IndexState, keys: Keymap) -> list[Part]:
    if not state.key:
        return []
    return [(keys.key(state.key).shown, "bold $accent"), (f" {state.does}", "$label")]


def _fact(name: str, text: str) -> Content:
    return styled((name.ljust(LABEL), "$label"), clean_line(text))
