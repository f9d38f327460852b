"""The plan of a training, before it starts."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from gardener_core.errors import GardenError
from gardener_core.jobs.outlook import Outlook
from gardener_core.store.garden.projects import Project
from gardener_core.system.numbers import duration
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call
from gardener_tui.screens.sheet import Sheet
from gardener_tui.toasts import error_text
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled
from gardener_tui.widgets.states import PHASES
from gardener_tui.widgets.wording import count, counted

_LABEL = 8
NOT_MEASURED = "not measured here yet; the run shows it after its first steps"


class Plan(Sheet[bool]):
    """Shows base, steps, files and time; the key that opened it also starts."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("plan")

    def __init__(self, garden: ScreenGarden, project: Project) -> None:
        super().__init__()
        self._garden = garden
        self._project = project

    def compose(self) -> ComposeResult:
        """The plan, once the project's files are counted."""
        with Vertical(classes="sheet-box -plan") as box:
            box.border_title = Content(clean_line(f"Train an adapter on {self._project.name}"))
            yield PlainText(styled(("Counting the files…", "$label")), id="plan-text")
        yield Hints("plan")

    def on_mount(self) -> None:
        """Count the files meanwhile; nobody has to wait for it."""
        self._load()

    @work(exclusive=True, group="plan", exit_on_error=False)
    async def _load(self) -> None:
        text = self.query_one("#plan-text", PlainText)
        try:
            outlook = await call(lambda: self._garden.runs.outlook(self._project))
        except GardenError as problem:
            text.show(styled((f"✖ {error_text(self.app, problem)}", "$error")))
        else:
            text.show(plan_text(outlook))

    def action_start(self) -> None:
        """Train."""
        self.dismiss(True)

    def action_leave(self) -> None:
        """Train nothing."""
        self.dismiss(False)


def plan_text(outlook: Outlook) -> Content:
    """A row for each fact of the plan."""
    grown = f", grown first in {counted(outlook.grow_steps, 'step')}" if outlook.grow_steps else ""
    rows = [
        ("base", f"{outlook.base}{grown}"),
        ("steps", f"{count(outlook.steps)}, {count(outlook.tokens)} tokens"),
        ("files", f"{count(outlook.train_files)} to learn from, "
                  f"{count(outlook.held_out_files)} held out to measure on"),
        *_takes(outlook),
    ]  # fmt: skip
    if fitting := outlook.fitting:
        rows.append(("memory", f"about {fitting.bytes / 1e9:.1f} GB"))
        if fitting.changes_what_is_learned:
            rows.append(("to fit", f"it takes {fitting.proposal}"))
    if outlook.ahead:
        rows.append(("queue", f"{counted(outlook.ahead, 'run')} before it"))
    lines = [styled((name.ljust(_LABEL), "$label"), clean_line(text)) for name, text in rows]
    return Content("\n").join(lines)


def _takes(outlook: Outlook) -> list[tuple[str, str]]:
    if outlook.seconds is None:
        return [("takes", NOT_MEASURED)]
    parts = (f"{PHASES[item.phase]} {duration(item.seconds)}" for item in outlook.expected)
    growing = ", and the growing before it" if outlook.grow_steps else ""
    return [
        ("takes", f"about {duration(outlook.seconds)}{growing}"),
        ("", ", ".join(parts)),
        ("", f"as measured in run {outlook.measured}"),
    ]
