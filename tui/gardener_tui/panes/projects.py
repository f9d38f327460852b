"""Pane 1: the projects."""

from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from gardener_core.keeping.projects import Project
from gardener_core.keeping.runs import Run
from gardener_core.plain import clean_line
from gardener_tui import keymap
from gardener_tui.messages import ProjectOpened, ProjectSelected
from gardener_tui.panes.overview import Overview
from gardener_tui.panes.pane import Pane
from gardener_tui.widgets.empty_state import EmptyState
from gardener_tui.widgets.plain_text import PlainText, styled
from gardener_tui.widgets.states import project_look
from gardener_tui.widgets.wording import count, counted, ending, size

LABEL = 9
MOST_ADAPTERS = 4


class ProjectList(OptionList):
    """The list itself; the highlighted project is the selected one."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("projects")

    def action_open(self) -> None:
        """Open the highlighted project."""
        self.action_select()


class ProjectsPane(Pane):
    """Lists the projects; what is selected here is what the other panes show."""

    def __init__(self) -> None:
        super().__init__(1, "Projects", id="projects")
        self._overview = Overview()
        self._selected = ""

    def compose(self) -> ComposeResult:
        """The list, its empty state, and facts about the selected project."""
        yield ProjectList(id="project-list", markup=False)
        yield EmptyState("No project yet.", "project.add", "adds a folder", id="no-projects")
        with Vertical(id="project-detail"):
            yield PlainText(id="project-facts")

    def on_mount(self) -> None:
        """Nothing is listed yet."""
        self._fill()

    @property
    def home(self) -> Widget:
        """The list."""
        return self.query_one(ProjectList)

    @property
    def keyed(self) -> Widget:
        """The list."""
        return self.home

    @property
    def selected(self) -> Project | None:
        """The project that the other panes show."""
        return self._overview.project(self._selected)

    def show(self, overview: Overview, select: str = "") -> None:
        """Show what the garden holds now; the selection stays where it was."""
        before = self.selected
        changed = overview != self._overview
        self._overview = overview
        wanted = select or self._selected
        if overview.project(wanted) is None:
            wanted = overview.projects[0].id if overview.projects else ""
        self._selected = wanted
        if changed or select:
            self._fill()
        if self.selected != before:
            self.post_message(ProjectSelected(self.selected))

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_id and event.option_id != self._selected:
            self._selected = event.option_id
            self._tell_facts()
            self.post_message(ProjectSelected(self.selected))

    @on(OptionList.OptionSelected)
    def _opened(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if project := self._overview.project(event.option_id or ""):
            self.post_message(ProjectOpened(project))

    def on_resize(self) -> None:
        """Cut the facts to the new width."""
        self._tell_facts()

    def _fill(self) -> None:
        listed = self.query_one(ProjectList)
        projects = self._overview.projects
        self.set_class(not projects, "-empty")
        listed.set_options(
            Option(_entry(project, self._overview.newest_run(project)), id=project.id)
            for project in projects
        )
        listed.highlighted = next(
            (at for at, project in enumerate(projects) if project.id == self._selected), None
        )
        self.news(counted(len(projects), "project") if projects else "")
        self._tell_facts()

    def _tell_facts(self) -> None:
        facts = self.query_one("#project-facts", PlainText)
        project = self.selected
        if project is None:
            facts.show("")
            return
        width = max(8, self.content_size.width - LABEL)
        folder = ending(clean_line(str(project.path)), width)
        rows = [_fact(name, text) for name, text in (("folder", folder), *_facts(project))]
        facts.show(Content("\n").join([*rows, *self._adapter_rows(project)]))

    def _key(self, key_id: str) -> str:
        return keymap.of(self.app).key(key_id).shown

    def _adapter_rows(self, project: Project) -> list[Content]:
        adapters = self._overview.adapters_of(project)[:MOST_ADAPTERS]
        if not adapters:
            return [_fact("adapters", f"none yet, {self._key('run.train')} trains one")]
        return [
            styled(
                (("adapters" if at == 0 else "").ljust(LABEL), "$label"),
                ("● " if adapter.version == project.adapter else "○ ", "$accent"),
                adapter.version,
                (f"  {size(adapter.bytes)}", "$label"),
            )
            for at, adapter in enumerate(adapters)
        ]


def _entry(project: Project, run: Run | None) -> Content:
    look = project_look(project, run)
    name = [(f"{look.glyph} ", look.colour), (clean_line(project.name), "bold")]
    if project.adapter:
        name.append((f"  {clean_line(project.adapter)}", "$accent"))
    indent = " " * (cell_len(look.glyph) + 1)
    if run is not None and run.live:
        part = f" {run.step / run.steps:.0%}" if run.steps else ""
        return styled(*name, f"\n{indent}", (f"{look.word}{part}", look.colour))
    return styled(*name, (f"\n{indent}{look.word} · {counted(project.files, 'file')}", "$label"))


def _facts(project: Project) -> list[tuple[str, str]]:
    return [
        ("base", project.base or "the built-in seedling"),
        ("files", count(project.files)),
        ("chunks", count(project.chunks)),
        ("code", ", ".join(project.languages) or "none known"),
    ]


def _fact(name: str, text: str) -> Content:
    return styled((name.ljust(LABEL), "$label"), clean_line(text))
