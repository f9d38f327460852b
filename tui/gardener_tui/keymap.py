"""Every key, as data."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.binding import Binding, BindingType

ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class Key:
    """What a key does; `keys` are Textual's names, `where` is a place of the screen."""

    id: str
    keys: str
    where: str
    action: str
    label: str
    help: str
    priority: bool = False

    @property
    def shown(self) -> str:
        """The first key as a person reads it."""
        return shown(self.keys.split(",")[0])

    @property
    def all_shown(self) -> str:
        """Every key as a person reads it."""
        return " ".join(shown(key) for key in self.keys.split(","))


_SHOWN = {
    "question_mark": "?",
    "slash": "/",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "home": "home",
    "G": "G",
}


def shown(key: str) -> str:
    """A key's name as a person reads it."""
    return _SHOWN.get(key, key)


KEYS: tuple[Key, ...] = (
    Key("help", "question_mark,f1", ANYWHERE, "help", "Help", "Show what the keys do here"),
    Key("detach", "q", ANYWHERE, "detach", "Detach", "Leave the screen; runs go on"),
    Key("pane.projects", "1", ANYWHERE, "pane(1)", "Projects", "Go to the projects"),
    Key("pane.training", "2", ANYWHERE, "pane(2)", "Training", "Go to the training"),
    Key("pane.context", "3", ANYWHERE, "pane(3)", "Context", "Go to the code that was found"),
    Key("pane.chat", "4,i", ANYWHERE, "pane(4)", "Chat", "Write to the selected project"),
    Key("pane.next", "tab", ANYWHERE, "turn(1)", "Next", "Go to the next pane"),
    Key("pane.previous", "shift+tab", ANYWHERE, "turn(-1)", "Previous", "Go to the pane before"),
    Key("project.add", "n", ANYWHERE, "add", "Add", "Add a folder as a project"),
    Key("project.index", "I", ANYWHERE, "index", "Index", "Bring the project's index up to date"),
    Key("search", "slash", ANYWHERE, "search", "Search", "Search the project's code"),
    Key("run.train", "t", ANYWHERE, "train", "Train", "Train an adapter on the project"),
    Key("run.pause", "p", ANYWHERE, "pause", "Pause", "Pause the run shown, or let it go on"),
    Key("run.stop", "x", ANYWHERE, "stop", "Stop", "Stop the run shown (asks first)"),
    Key("adapter", "a", ANYWHERE, "adapter", "Adapter", "Complete with or without the adapter"),
    Key("cancel", "ctrl+c", ANYWHERE, "cancel", "Cancel", "Cancel the answer", priority=True),
    Key("palette", "ctrl+p", ANYWHERE, "app.command_palette", "Commands", "Find a command by name"),
    Key("projects.open", "enter", "projects", "open", "Open", "Ask it; index it if it is new"),
    Key("projects.down", "down,j", "projects", "cursor_down", "Down", "Select the next project"),
    Key("projects.up", "up,k", "projects", "cursor_up", "Up", "Select the project before"),
    Key("projects.first", "home,g", "projects", "first", "First", "Select the first project"),
    Key("projects.last", "end,G", "projects", "last", "Last", "Select the last project"),
    Key("run.checkpoint", "c", "training", "checkpoint", "Checkpoint", "Write a checkpoint now"),
    Key("context.down", "down,j", "context", "step(1)", "Next hit", "Show the next hit whole"),
    Key("context.up", "up,k", "context", "step(-1)", "Hit before", "Show the hit before"),
    Key("context.first", "home,g", "context", "first", "First", "Show the best hit"),
    Key("context.last", "end,G", "context", "last", "Last", "Show the last hit"),
    Key("chat.down", "down,j", "chat", "scroll_down", "Down", "Scroll down"),
    Key("chat.up", "up,k", "chat", "scroll_up", "Up", "Scroll up"),
    Key("chat.first", "home,g", "chat", "scroll_home", "Top", "Go to the first message"),
    Key("chat.last", "end,G", "chat", "scroll_end", "Bottom", "Go to the last message"),
    Key("prompt.send", "enter", "prompt", "submit", "Send", "Send the question, or /complete CODE"),
    Key("prompt.leave", "escape", "prompt", "leave", "Leave", "Leave the prompt; keys work again"),
    Key("query.send", "enter", "query", "submit", "Search", "Search the code for these words"),
    Key("query.leave", "escape", "query", "leave", "Leave", "Leave the search; keys work again"),
    Key("confirm.no", "n,escape", "confirm", "no", "No", "Leave everything as it is"),
    Key("confirm.yes", "y", "confirm", "yes", "Yes", "Do it"),
    Key("add.send", "enter", "add", "submit", "Add", "Add this folder"),
    Key("add.fill", "tab", "add", "fill", "Complete", "Complete the folder's name"),
    Key("add.leave", "escape", "add", "leave", "Leave", "Add nothing"),
    Key("help.leave", "escape,question_mark,f1,q", "help", "leave", "Close", "Close the help"),
)  # fmt: skip

# What the footer shows in a place, most needed first; at most seven.
HINTS: Mapping[str, tuple[str, ...]] = {
    "projects": (
        "help", "detach", "projects.open", "project.add", "run.train", "search", "project.index",
    ),
    "training": (
        "help", "detach", "run.train", "run.pause", "run.stop", "run.checkpoint", "pane.chat",
    ),
    "context": ("help", "detach", "search", "context.down", "context.up", "pane.chat"),
    "chat": ("help", "detach", "pane.chat", "adapter", "search", "chat.last"),
    "prompt": ("prompt.send", "prompt.leave", "cancel", "palette"),
    "query": ("query.send", "query.leave", "palette"),
    "add": ("add.send", "add.fill", "add.leave"),
    "confirm": ("confirm.no", "confirm.yes"),
    "help": ("help.leave",),
}  # fmt: skip


def key(key_id: str) -> Key:
    """The key with this id."""
    return next(item for item in KEYS if item.id == key_id)


def keys_of(where: str) -> list[Key]:
    """The keys of one place."""
    return [item for item in KEYS if item.where == where]


def hints(where: str) -> list[Key]:
    """What the footer shows in a place."""
    return [key(key_id) for key_id in HINTS.get(where, HINTS["projects"])]


def bindings(where: str) -> list[BindingType]:
    """The keys of one place, as Textual binds them."""
    return [
        Binding(item.keys, item.action, item.label, show=False, id=item.id, priority=item.priority)
        for item in keys_of(where)
    ]
