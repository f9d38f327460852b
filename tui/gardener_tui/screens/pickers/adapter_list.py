"""Choose the adapter that answers."""

import time

from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.system.numbers import size
from gardener_core.system.terminal_text import clean_line
from gardener_tui.panes.overview import Overview
from gardener_tui.screens.pickers.pick_box import Choice
from gardener_tui.screens.pickers.picker import Picker
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import bits, changed_since, when


def adapter_picker(project: Project, overview: Overview) -> Picker:
    """A picker of the project's adapters; it gives the version that was taken."""
    now = time.time()
    choices = [_choice(item, project, overview, now) for item in overview.adapters_of(project)]
    return Picker(f"Adapters of {project.name}", "Which one answers?", choices, project.adapter)


def _choice(adapter: Adapter, project: Project, overview: Overview, now: float) -> Choice:
    version, base = clean_line(adapter.version), clean_line(adapter.base)
    active = adapter.version == project.adapter
    held_out, partial = overview.held_out.get(adapter.run), overview.partials.get(adapter.run)
    drift = overview.drifts.get(project.id) if active else None
    notes = [f"partial, step {partial.step}/{partial.steps}"] if partial else []
    notes += [f"{changed_since(drift)} changed"] if drift and drift.changed else []
    line = styled(
        ("● " if active else "○ ", "$accent"),
        (f"{version[:10]:<11}", "bold"),
        (f"on {base[:20]:<21}", "$primary"),
        (f"{', '.join(notes)}  " if notes else "", "$warning"),
        (f"{bits(held_out):<26}", ""),
        (f"{size(adapter.bytes):>9}  {when(adapter.created, now):<14}", "$label"),
        (clean_line(adapter.caveat), "$warning") if adapter.caveat else ("passed", "$success"),
    )
    return Choice(adapter.version, line, f"{version} {base}")
