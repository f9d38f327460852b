"""The plan of a training, before it starts."""

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from gardener_core.errors import GardenError
from gardener_core.garden.retraining import UpdatePlan
from gardener_core.jobs.outlook import Outlook
from gardener_core.settings.presets import EXPECT, PRESETS, Preset
from gardener_core.store.garden.projects import Project
from gardener_core.system.numbers import duration, size
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap, toasts
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


@dataclass(frozen=True, slots=True)
class TrainChoice:
    """What was chosen on the sheet: a base and how much, or what the settings say.

    An update takes both from the adapter that it goes on from.
    """

    base: str | None = None
    preset: Preset | None = None
    update: bool = False


class Plan(Sheet[TrainChoice | None]):
    """Shows base, dial, files, memory and time; the key that opened it also starts."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("plan")

    def __init__(self, garden: ScreenGarden, project: Project) -> None:
        super().__init__()
        self._garden = garden
        self._project = project
        self._choice = TrainChoice()
        self._shown_base = ""

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
        choice = self._choice
        try:
            if choice.update:
                plan = await call(lambda: self._garden.retraining.plan(self._project))
                text.show(update_text(plan))
                return
            outlook = await call(
                lambda: self._garden.runs.outlook(
                    self._project, base=choice.base, preset=choice.preset
                )
            )
        except GardenError as problem:
            text.show(styled((f"✖ {error_text(self.app, problem)}", "$error")))
        else:
            self._shown_base = outlook.base
            text.show(plan_text(outlook, self._choice.preset))

    def action_update(self) -> None:
        """Go on from the active adapter, or begin from the base again."""
        self._choice = replace(self._choice, update=not self._choice.update)
        self._load()

    def action_turn(self, by: int) -> None:
        """Turn the dial: as set, sprout, shrub, tree."""
        if self._choice.update:
            toasts.show(self.app, "An update takes its steps from what changed.")
            return
        dial = (None, *PRESETS)
        at = dial.index(self._choice.preset) + by
        if 0 <= at < len(dial):
            self._choice = replace(self._choice, preset=dial[at])
            self._load()

    def action_base(self) -> None:
        """Take the next base of those that can be trained here."""
        self._take_next_base()

    @work(exclusive=True, group="plan", exit_on_error=False)
    async def _take_next_base(self) -> None:
        models = await call(self._garden.models.all)
        names = [model.name for model in models if model.role == "base" and model.trainable]
        if self._choice.update:
            toasts.show(self.app, "An update goes on from an adapter, so it keeps the base.")
            return
        if len(names) < 2:
            toasts.show(self.app, "There is no other base here that can be trained.")
            return
        at = names.index(self._shown_base) if self._shown_base in names else -1
        self._choice = replace(self._choice, base=names[(at + 1) % len(names)])
        self._load()

    def action_start(self) -> None:
        """Train."""
        self.dismiss(self._choice)

    def action_leave(self) -> None:
        """Train nothing."""
        self.dismiss(None)


def update_text(plan: UpdatePlan) -> Content:
    """A row for each fact of an update."""
    rows = [
        ("update", f"{plan.version} on {plan.base}: it goes on from its weights"),
        ("changed", plan.drift.sentence),
        ("steps", f"{count(plan.steps)}; a full run took {count(plan.full_steps)}"),
        ("reads", "what is new, a part of the rest, foreign code"),
        ("", "and measures what it forgets of the rest"),
    ]
    lines = [styled((name.ljust(_LABEL), "$label"), clean_line(text)) for name, text in rows]
    return Content("\n").join(lines)


def plan_text(outlook: Outlook, preset: Preset | None) -> Content:
    """A row for each fact of the plan."""
    grown = f", grown first in {counted(outlook.grow_steps, 'step')}" if outlook.grow_steps else ""
    rows = [
        ("base", f"{outlook.base}{grown}"),
        ("dial", f"{preset}: {EXPECT[preset]}" if preset else "as set in config.toml"),
        ("steps", f"{count(outlook.steps)}, {count(outlook.tokens)} tokens"),
        ("files", f"{count(outlook.train_files)} to learn from, "
                  f"{count(outlook.held_out_files)} held out to measure on"),
        *_takes(outlook),
    ]  # fmt: skip
    if fitting := outlook.fitting:
        adapter = f", the adapter {size(fitting.adapter_bytes)}" if fitting.adapter_bytes else ""
        rows.append(("memory", f"about {fitting.bytes / 1e9:.1f} GB{adapter}"))
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
