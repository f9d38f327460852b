"""Show messages and errors above the footer."""

from typing import Any

from textual.app import App
from textual.notifications import SeverityLevel
from textual.worker import Worker, WorkerState

from gardener_core.errors import GardenError
from gardener_core.system.terminal_text import clean
from gardener_tui import keymap
from gardener_tui.remedies import advice

ERROR_SECONDS = 12.0


def show(app: App[Any], text: str, severity: SeverityLevel = "information") -> None:
    """Show a sentence for a few seconds."""
    app.notify(clean(text), severity=severity, markup=False)


def show_error(app: App[Any], problem: BaseException) -> None:
    """Show an error: what happened and what to try."""
    app.notify(
        clean(error_text(app, problem)),
        title="" if isinstance(problem, GardenError) else "A bug in this program",
        severity="error",
        timeout=ERROR_SECONDS,
        markup=False,
    )


def show_worker_error(app: App[Any], event: Worker.StateChanged) -> None:
    """Show the error of a worker that failed; ignore every other change of state."""
    if event.state is WorkerState.ERROR and event.worker.error is not None:
        show_error(app, event.worker.error)


def error_text(app: App[Any], problem: BaseException) -> str:
    """What happened and what to try, as one text."""
    if isinstance(problem, GardenError):
        tries = advice(problem.hint, problem.remedy, keymap.of(app))
        return f"{problem.what}\n{tries}" if tries else problem.what
    return f"{type(problem).__name__}: {problem}"


def copy(app: App[Any], text: str, message: str) -> None:
    """Copy a text to the clipboard, through the terminal, and show a message."""
    app.copy_to_clipboard(clean(text))
    show(app, message)
