"""What an Ollama server has of a project."""

import time
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from gardener_core.garden.versions.deployments import DeployedModel, DeployedModels
from gardener_core.store.garden.projects import Project
from gardener_core.system.numbers import size
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.screens.pickers.pick_box import Choice, PickBox
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import when

NEW = "deploy"
DeployAct = Literal["deploy", "roll back", "undeploy"]


class DeployedList(Sheet[DeployAct | None]):
    """The deployed models of a project; deploys, rolls back, takes all away."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("deployed")

    def __init__(self, project: Project, version: str, found: DeployedModels) -> None:
        super().__init__()
        now, server = time.time(), clean_line(found.status.what)
        deploy = styled(
            ("+ ", "$accent"), (f"deploy {clean_line(version)}  ", "bold"), (server, "$label")
        )
        choices = [Choice(NEW, deploy, f"deploy {version}")]
        choices += [_choice(one, now) for one in found.models]
        self._box = PickBox(f"{project.name} on Ollama", "Deploy it?", choices, NEW)

    def compose(self) -> ComposeResult:
        """The list and its keys."""
        yield self._box
        yield Hints("deployed")

    @on(PickBox.Picked)
    def _picked(self, event: PickBox.Picked) -> None:
        self.dismiss("deploy" if event.choice == NEW else None)

    def action_act(self, act: DeployAct) -> None:
        """Roll back, or take all away."""
        self.dismiss(act)


def _choice(one: DeployedModel, now: float) -> Choice:
    kept = one.deployment
    state, colour = _state(one)
    line = styled(
        ("● " if one.latest else "○ ", "$accent"),
        (f"{clean_line(kept.model)[:28]:<29}", "bold"),
        (f"{state:<10}", colour),
        (f"{kept.quant:<6}{size(kept.bytes):>9}  ", "$label"),
        (f"{clean_line(kept.digest)[:12]}  {when(kept.created, now)}", "$label"),
    )
    return Choice(kept.model, line, kept.model)


def _state(one: DeployedModel) -> tuple[str, str]:
    if one.here is None:
        return "unknown", "$warning"
    if one.latest:
        return "latest", "$success"
    if one.rollback:
        return "before", "$primary"
    return ("there", "") if one.here else ("gone", "$warning")
