"""The adapters of a project, to choose from."""

import time

from gardener_core.keeping.adapters import Adapter
from gardener_core.keeping.projects import Project
from gardener_core.plain import clean_line
from gardener_tui.panes.overview import Overview
from gardener_tui.screens.picker import Choice, Picker
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import size, when


class AdapterList(Picker):
    """Gives the version that is to answer, or nothing."""

    def __init__(self, project: Project, overview: Overview) -> None:
        now = time.time()
        choices = [_choice(item, project, now) for item in overview.adapters_of(project)]
        title = f"Adapters of {project.name}"
        super().__init__(title, "Which one answers?", choices, project.adapter)


def _choice(adapter: Adapter, project: Project, now: float) -> Choice:
    version, base = clean_line(adapter.version), clean_line(adapter.base)
    active = adapter.version == project.adapter
    line = styled(
        ("● " if active else "○ ", "$accent"),
        (f"{version[:10]:<11}", "bold"),
        (f"on {base[:24]:<25}", "$primary"),
        (f"{size(adapter.bytes):>9}  {when(adapter.created, now)}", "$label"),
    )
    return Choice(adapter.version, line, f"{version} {base}")
