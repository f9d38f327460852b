"""What answers in the selected project, as the engine has told it."""

from dataclasses import replace
from typing import assert_never

from gardener_core.events.switch import NotLoaded, Switched
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_tui.messages import Spoke
from gardener_tui.panes.chat.writing.suggestions import NO_MODEL
from gardener_tui.widgets.wording import count


class Badge:
    """Base, adapter and context of the selected project; nothing is claimed before it is told."""

    def __init__(self) -> None:
        self._told: Switched | None = None
        self._project = ""

    def select(self, project: Project | None) -> None:
        """Forget what was told of another project."""
        now = project.id if project else ""
        if now != self._project:
            self._project, self._told = now, None

    def take(self, told: Switched) -> bool:
        """Take what the engine has loaded; False where that is of another project."""
        if told.project != self._project:
            return False
        self._told = told
        return True

    def spoke(self, event: Spoke) -> None:
        """Take who has just answered."""
        if event.project.id == self._project:
            before = self._told or Switched(self._project, (), chunks=event.project.chunks)
            self._told = replace(
                before,
                base=event.base,
                adapter=event.adapter,
                without=event.without,
                not_loaded="",
                problem="",
            )

    @property
    def told(self) -> Switched | None:
        """What the engine told last."""
        return self._told

    @property
    def short(self) -> str:
        """The base with its adapter, once it is loaded."""
        told = self._told
        if told is None or not told.base:
            return ""
        return " + ".join(filter(None, (clean_line(told.base), clean_line(told.adapter))))

    def text(self, project: Project, model: str, *, adapter: bool) -> str:
        """The whole badge; `model` and `adapter` are what the person chose."""
        told = self._told
        if told is None:
            return f"{_wish(project, model, adapter=adapter)} · not loaded yet"
        context = f"context {count(told.chunks)}" if told.chunks else "context off"
        if not told.base:
            wish = _wish(project, model, adapter=adapter)
            return f"{wish} · {_why(told.not_loaded)} · {context}"
        if told.adapter:
            who = f"{self.short} on"
        elif told.without:
            who = f"{self.short} WITHOUT the adapter"
        elif project.adapter:
            who = f"{self.short} alone · adapter {project.adapter} off"
        else:
            who = f"{self.short} alone"
        return f"{who} · {context}"


def _wish(project: Project, model: str, *, adapter: bool) -> str:
    if model == NO_MODEL:
        return "the card alone"
    explains = f"{clean_line(model)} explains · " if model else ""
    if not project.adapter:
        return f"{explains}no adapter"
    return f"{explains}adapter {project.adapter} {'chosen' if adapter else 'off'}"


def _why(reason: NotLoaded) -> str:
    """Why no base is loaded."""
    match reason:
        case "none":
            return "the card answers"
        case "elsewhere":
            return "on a server"
        case "battery":
            return "loads when asked (on battery)"
        case "load":
            return "loads when asked (busy)"
        case "memory":
            return "loads when asked (memory)"
        case "failed":
            return "not loaded"
        case "" | "unwanted":
            return "loads when asked"
        case _:
            assert_never(reason)
