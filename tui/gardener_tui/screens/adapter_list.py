"""The adapters of a project, to choose from."""

import time

from gardener_core.evaluation.held_out import Scores
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_tui.panes.overview import Overview
from gardener_tui.screens.picker import Choice, Picker
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import bits, size, when


class AdapterList(Picker):
    """Gives the version that is to answer, or nothing."""

    def __init__(self, project: Project, overview: Overview) -> None:
        now = time.time()
        choices = [
            _choice(item, project, overview.held_out.get(item.run), now)
            for item in overview.adapters_of(project)
        ]
        title = f"Adapters of {project.name}"
        super().__init__(title, "Which one answers?", choices, project.adapter)


def _choice(adapter: Adapter, project: Project, held_out: Scores | None, now: float) -> Choice:
    version, base = clean_line(adapter.version), clean_line(adapter.base)
    active = adapter.version == project.adapter
    line = styled(
        ("● " if active else "○ ", "$accent"),
        (f"{version[:10]:<11}", "bold"),
        (f"on {base[:20]:<21}", "$primary"),
        (f"{bits(held_out):<26}", ""),
        (f"{size(adapter.bytes):>9}  {when(adapter.created, now)}", "$label"),
    )
    return Choice(adapter.version, line, f"{version} {base}")
