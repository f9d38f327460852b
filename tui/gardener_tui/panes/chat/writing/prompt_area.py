"""The prompt with the list of what fits to what is being written."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.worker import Worker

from gardener_core.search.path_index import PathIndex
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.facts import Symbol
from gardener_tui import toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.messages import LineLeft, LineStepped
from gardener_tui.panes.background import call, start
from gardener_tui.panes.chat.writing.prompt import Prompt
from gardener_tui.panes.chat.writing.suggestions import (
    Suggestion,
    SuggestionList,
    Wanted,
    command_suggestions,
    model_suggestions,
    path_suggestions,
    symbol_suggestions,
    wanted_in,
)
from gardener_tui.widgets.line_input import LineInput

MOST_SYMBOLS = 8
SHORTEST_SYMBOL = 1  # letters, from which on symbols are looked up


class PromptArea(Vertical):
    """Takes what is written; what is picked from the list goes into it."""

    class Entered(Message):
        """The text was sent."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Written(Message):
        """Something else stands in the prompt."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    BORDER: ClassVar[int] = 2

    def __init__(self, garden: ScreenGarden) -> None:
        super().__init__(id="prompt-area")
        self._garden = garden
        self._project: Project | None = None
        self._paths: dict[str, PathIndex] = {}  # by project, read when they are first wanted
        self._models: Sequence[str] = ()
        self._symbols: tuple[str, Sequence[Symbol]] = ("", ())
        self._wanted: Wanted | None = None
        self._closed_at = ""  # the text at which the list was closed

    def compose(self) -> ComposeResult:
        """The list above, the line below."""
        yield SuggestionList()
        yield Prompt()

    def on_mount(self) -> None:
        """Hide the list until something fits."""
        self._list.display = False

    @property
    def prompt(self) -> Prompt:
        """The line."""
        return self.query_one(Prompt)

    def select(self, project: Project | None) -> None:
        """Suggest what another project has."""
        if project is None or self._project is None or project.id != self._project.id:
            self._paths.clear()  # an index changes; it is read again when it is next wanted
            self._symbols = ("", ())
        self._project = project

    @property
    def _list(self) -> SuggestionList:
        return self.query_one(SuggestionList)

    @on(LineInput.Changed)
    def _changed(self, event: LineInput.Changed) -> None:
        event.stop()
        self._suggest()
        self.post_message(self.Written(self.prompt.text))

    def _suggest(self) -> None:
        prompt = self.prompt
        before = prompt.value[: prompt.cursor_position]
        is_closed = bool(self._closed_at) and prompt.value == self._closed_at
        self._closed_at = self._closed_at if is_closed else ""
        self._wanted = None if is_closed else wanted_in(before)
        suggestions = self._fitting(self._wanted) if self._wanted else []
        self._list.show(suggestions)
        prompt.has_suggestions = bool(suggestions)

    def _fitting(self, wanted: Wanted) -> list[Suggestion]:
        if wanted.kind == "command":
            return command_suggestions(wanted.letters)
        if wanted.kind == "model":
            if not self._models:
                start(self, "models", self._read_models)
            return model_suggestions(wanted.letters, self._models)
        project = self._project
        if project is None:
            return []
        width = max(20, self.size.width - self.BORDER)
        if len(wanted.letters) >= SHORTEST_SYMBOL and self._symbols[0] != wanted.letters:
            start(self, "symbols", lambda: self._read_symbols(project, wanted.letters))
        paths = self._paths.get(project.id)
        if paths is None:
            start(self, "paths", lambda: self._read_paths(project))
            return []
        symbols = self._symbols[1] if self._symbols[0] == wanted.letters else ()
        found = path_suggestions(wanted.letters, paths, width)
        return [*symbol_suggestions(symbols, width), *found]

    async def _read_models(self) -> None:
        models = await call(self._garden.models.all)
        self._models = tuple(model.name for model in models)
        self._suggest()

    async def _read_paths(self, project: Project) -> None:
        self._paths[project.id] = await call(lambda: self._garden.code.paths(project))
        self._suggest()

    async def _read_symbols(self, project: Project, letters: str) -> None:
        found = await call(lambda: self._garden.code.symbols(project, letters, MOST_SYMBOLS))
        self._symbols = (letters, found)
        if self._wanted is not None and self._wanted.letters == letters:
            self._suggest()

    @on(LineStepped)
    def _stepped(self, event: LineStepped) -> None:
        event.stop()
        if self.prompt.has_suggestions:
            self._list.step(event.by)
        else:
            self.prompt.go_back(-event.by)

    @on(Prompt.Taken)
    def _taken(self, event: Prompt.Taken) -> None:
        event.stop()
        self._take()

    @on(LineInput.Submitted)
    def _submitted(self, event: LineInput.Submitted) -> None:
        event.stop()
        picked = self._list.current if self.prompt.has_suggestions else None
        if picked is not None:
            self._take()
            if not picked.sends:
                return
        self.post_message(self.Entered(self.prompt.text))

    def _take(self) -> None:
        """Put the highlighted suggestion in the place of what was written."""
        picked, wanted, prompt = self._list.current, self._wanted, self.prompt
        if picked is None or wanted is None:
            return
        rest = prompt.value[prompt.cursor_position :]
        written = prompt.value[: wanted.start] + picked.text
        self._closed_at = written + rest if picked.sends else ""
        prompt.value = written + rest
        prompt.cursor_position = len(written)
        self._suggest()

    @on(LineLeft)
    def _left(self, event: LineLeft) -> None:
        """Close the list first; without one, leave the prompt."""
        if self.prompt.has_suggestions:
            event.stop()
            self._closed_at = self.prompt.value
            self._suggest()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.show_worker_error(self.app, event)
