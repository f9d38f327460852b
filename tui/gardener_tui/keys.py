"""Every key, as data."""

from dataclasses import dataclass

ANYWHERE = "anywhere"
PANES = ("projects", "training", "context", "chat")
# The keys of a card's lines come before those of the whole screen; lists name them as one.
CARD = ("0-9", "Open the code of that line of the card")


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
    def names(self) -> list[str]:
        """Textual's name of each key."""
        return [name.strip() for name in self.keys.split(",") if name.strip()]

    @property
    def shown(self) -> str:
        """The first key as a person reads it."""
        return shown(self.names[0]) if self.names else ""

    @property
    def all_shown(self) -> str:
        """Every key as a person reads it."""
        return " ".join(shown(name) for name in self.names)


_SHOWN = {
    "question_mark": "?", "slash": "/", "escape": "esc", "up": "↑", "down": "↓", "left": "←",
    "right": "→", "plus": "+", "minus": "-", "equals_sign": "=", "less_than_sign": "<",
    "greater_than_sign": ">", "left_square_bracket": "[", "right_square_bracket": "]",
    "delete": "del",
}  # fmt: skip


def shown(name: str) -> str:
    """A key's name as a person reads it."""
    return _SHOWN.get(name, name)


KEYS: tuple[Key, ...] = (
    Key("help", "question_mark,f1", ANYWHERE, "help", "Help", "Show what the keys do here"),
    Key("detach", "q", ANYWHERE, "detach", "Detach", "Leave the screen; runs continue"),
    Key("pane.projects", "1", ANYWHERE, "pane(1)", "Projects", "Go to the projects"),
    Key("pane.training", "2", ANYWHERE, "pane(2)", "Training", "Go to the training"),
    Key("pane.context", "3", ANYWHERE, "pane(3)", "Context", "Go to the code that was found"),
    Key("pane.chat", "4,i", ANYWHERE, "pane(4)", "Chat", "Ask the selected project"),
    Key("pane.next", "tab", ANYWHERE, "turn(1)", "Next", "Go to the next pane"),
    Key("pane.previous", "shift+tab", ANYWHERE, "turn(-1)", "Previous", "Go to the pane before"),
    Key("pane.zoom", "z", ANYWHERE, "zoom", "Zoom", "Give the pane the whole screen, or back"),
    Key("jump", "ctrl+o", ANYWHERE, "jump", "Jump", "Show a letter at each place to go to"),
    Key("theme", "T", ANYWHERE, "app.theme", "Theme", "Choose the colours of the screen"),
    Key("palette", "ctrl+p", ANYWHERE, "app.command_palette", "Commands", "Find a command by name"),
    Key("project.add", "n", ANYWHERE, "add", "Add", "Add a folder as a project"),
    Key("project.switch", "P", ANYWHERE, "switch", "Project", "Find a project by its name"),
    Key("project.back", "b", ANYWHERE, "back", "Back", "Go back to the project before this one"),
    Key("project.switches", "W", ANYWHERE, "switches", "Switches", "What the last switches took"),
    Key("project.index", "I", ANYWHERE, "index", "Index", "Bring the project's index up to date"),
    Key("project.repair", "F", ANYWHERE, "repair", "Repair", "Check every part of the project"),
    Key("search", "slash", ANYWHERE, "search", "Search", "Search the project's code"),
    Key("run.train", "t", ANYWHERE, "train", "Train", "Train an adapter on the project"),
    Key("run.pause", "p", ANYWHERE, "pause", "Pause", "Pause the run shown, or resume it"),
    Key("run.stop", "x", ANYWHERE, "stop", "Stop", "Stop the run shown (asks first)"),
    Key("run.list", "r", ANYWHERE, "runs", "Runs", "Choose a run of any project"),
    Key("adapter", "a", ANYWHERE, "adapter", "Adapter", "Answer with or without the adapter"),
    Key("adapter.choose", "A", ANYWHERE, "adapters", "Adapters", "The adapters: use, name, remove"),
    # m means the map and the mark in two panes, so that it is the models' key only in the others.
    Key("models", "L", ANYWHERE, "models", "Models", "The base models: get, check, remove one"),
    Key("undo", "u", ANYWHERE, "undo", "Undo", "Undo the last removal or new name"),
    Key("cancel", "ctrl+c", ANYWHERE, "cancel", "Cancel", "Cancel the answer", priority=True),
    Key("projects.open", "enter", "projects", "open", "Open", "Ask it; index it if it is new"),
    Key("projects.rename", "R", "projects", "sheet('rename')", "Rename", "Give it another name"),
    Key("projects.remove", "D,delete", "projects", "sheet('remove')", "Remove", "Remove it (asks)"),
    Key("adapter.score", "s", "projects", "sheet('score')", "Score", "Measure an adapter (asks)"),
    Key("adapter.card", "c", "projects", "sheet('card')", "Card", "What an adapter is worth"),
    Key("adapter.learned", "w", "projects", "sheet('learned')", "Learned", "What it learned"),
    Key("adapter.back", "B", "projects", "sheet('roll back')", "Back", "Use the one before again"),
    Key("adapter.deploy", "O", "projects", "sheet('deploy')", "Ollama", "Deploy it to Ollama"),
    Key("adapter.export", "E", "projects", "sheet('export')", "Export", "Write it into files"),
    Key("projects.models", "m", "projects", "screen.models", "Models", "The base models"),
    Key("projects.down", "down,j", "projects", "cursor_down", "Down", "Select the next project"),
    Key("projects.up", "up,k", "projects", "cursor_up", "Up", "Select the project before"),
    Key("projects.first", "home,g", "projects", "first", "First", "Select the first project"),
    Key("projects.last", "end,G", "projects", "last", "Last", "Select the last project"),
    Key("run.checkpoint", "c", "training", "checkpoint", "Checkpoint", "Write a checkpoint now"),
    Key("run.older", "left_square_bracket", "training", "run(1)", "Older", "Show the run before"),
    Key("run.newer", "right_square_bracket", "training", "run(-1)", "Newer", "Show the run after"),
    Key("run.drop", "X", "training", "screen.drop", "Drop", "Stop the run and drop it (asks)"),
    Key("run.log", "v", "training", "screen.log", "Log", "Show the log of the run, to search"),
    Key("run.mark", "m", "training", "mark", "Mark", "Mark the run to draw it beside others"),
    Key("run.compare", "d", "training", "screen.compare", "Compare", "Compare with the marked run"),
    Key("run.facts", "f", "training", "facts", "Facts", "Show the run's parts and the machine"),
    Key("run.lines", "o", "training", "lines", "Lines", "Held-out lines as it completes them"),
    Key("run.rows", "D", "training", "screen.rows", "Data", "What an adapter learns from, by rows"),
    Key("run.copy", "y", "training", "copy", "Copy", "Copy the facts of the run"),
    Key("chart.kind", "g", "training", "chart_kind", "Curve", "Show the next curve: rate, speed …"),
    Key("chart.log", "l", "training", "chart_log", "Log y", "Show the loss on a log scale"),
    Key("chart.smooth", "s", "training", "chart_smooth", "Smooth", "Smooth by 0.9, 0.98, or not"),
    Key("chart.in", "plus,equals_sign", "training", "chart_zoom(0.5)", "Closer", "Half the steps"),
    Key("chart.out", "minus", "training", "chart_zoom(2.0)", "Farther", "Show twice the steps"),
    Key("chart.fit", "0", "training", "chart_fit", "Fit", "Show all steps, without cross-hair"),
    Key("chart.left", "left", "training", "chart_move(-1)", "Left", "Move the cross-hair left"),
    Key("chart.right", "right", "training", "chart_move(1)", "Right", "Move the cross-hair right"),
    Key("chart.leftmost", "less_than_sign", "training", "chart_move(-16)", "Far", "Far left"),
    Key("chart.rightmost", "greater_than_sign", "training", "chart_move(16)", "Far", "Far right"),
    Key("context.down", "down,j", "context", "step(1)", "Next", "Go to the next hit or row"),
    Key("context.up", "up,k", "context", "step(-1)", "Before", "Go to the one before"),
    Key("context.first", "home,g", "context", "first", "First", "Go to the first"),
    Key("context.last", "end,G", "context", "last", "Last", "Go to the last"),
    Key("context.further", "pagedown,J", "context", "scroll(1)", "Further", "Scroll the code"),
    Key("context.nearer", "pageup,K", "context", "scroll(-1)", "Nearer", "Scroll the code back"),
    Key("context.left", "less_than_sign", "context", "across(-1)", "Left", "Long lines: back"),
    Key("context.right", "greater_than_sign", "context", "across(1)", "Right", "Long lines: on"),
    Key("context.why", "w", "context", "why", "Why", "Why it was found, or its code again"),
    Key("context.scope", "s", "context", "scope", "Scope", "Search code, tests, or all"),
    Key("context.around", "enter", "context", "around", "Around", "What holds it and calls it"),
    Key("context.holders", "h", "context", "around('holders')", "Held by", "What holds it"),
    Key("context.callers", "c", "context", "around('callers')", "Callers", "Who calls it"),
    Key("context.callees", "d", "context", "around('callees')", "Calls", "What it calls"),
    Key("context.tests", "v", "context", "around('tests')", "Tests", "Which tests call it"),
    Key("context.back", "backspace,left", "context", "back", "Back", "Go back to what was before"),
    Key("context.open", "o", "context", "open", "Open", "Open it in $EDITOR"),
    Key("context.pin", "plus,equals_sign", "context", "pin", "Pin", "Pin it on top, or unpin it"),
    Key("context.ban", "minus", "context", "ban", "Ban", "Hide it in hits, or show it"),
    Key("context.chosen", "e", "context", "chosen", "CodeSpan", "What is pinned and banned"),
    Key("context.files", "f", "context", "files", "Files", "Every file, its state; again: filter"),
    Key("context.map", "m", "context", "map", "Map", "The map: what is used most"),
    Key("context.measured", "M", "context", "measured", "Measured", "How well search answers here"),
    Key("context.decide", "R", "context", "screen.decide", "Decide", "Read the file anyway (asks)"),
    Key("context.again", "Q", "context", "screen.again", "Again", "Ask the last question again"),
    Key("context.copy", "y", "context", "copy", "Copy", "Copy its code and its place"),
    Key("chat.down", "down,j", "chat", "scroll_by(1)", "Down", "Scroll down"),
    Key("chat.up", "up,k", "chat", "scroll_by(-1)", "Up", "Scroll up"),
    Key("chat.further", "pagedown,J", "chat", "scroll_by(12)", "Further", "Scroll half a page"),
    Key("chat.nearer", "pageup,K", "chat", "scroll_by(-12)", "Nearer", "Scroll half a page back"),
    Key("chat.first", "home,g", "chat", "end(True)", "Top", "Go to the first message"),
    Key("chat.last", "end,G", "chat", "end(False)", "Bottom", "Go to the last message"),
    Key("chat.write", "enter", "chat", "screen.pane(4)", "Write", "Write a question"),
    Key("chat.before", "left_square_bracket", "chat", "step(-1)", "Before", "The question before"),
    Key("chat.after", "right_square_bracket", "chat", "step(1)", "After", "The question after"),
    Key("chat.again", "R", "chat", "again", "Again", "Answer once more; the old one stays"),
    Key("chat.thorough", "h", "chat", "again(True)", "Thorough", "Again, with more read; longer"),
    Key("chat.edit", "e", "chat", "edit", "Edit", "Change the question; the old one stays"),
    Key("chat.left", "less_than_sign", "chat", "branch(-1)", "Other", "The answer before this"),
    Key("chat.right", "greater_than_sign", "chat", "branch(1)", "Other", "The answer after this"),
    Key("chat.prompt", "v", "chat", "opened('prompt')", "Prompt", "The exact prompt of a model"),
    Key("chat.seen", "w", "chat", "opened('seen')", "Seen", "What this answer saw, and why"),
    Key("chat.compare", "d", "chat", "compare", "Compare", "With and without the adapter"),
    Key("chat.thinking", "o", "chat", "thinking", "Thinking", "Open or fold what it thought"),
    Key("chat.list", "c", "chat", "sheet('list')", "Chats", "Other conversations, or a new one"),
    Key("chat.find", "S", "chat", "sheet('find')", "Find", "Search what was said, anywhere"),
    Key("chat.short", "s", "chat", "sheet('short')", "Short", "What is read in short; edit it"),
    Key("chat.rename", "N", "chat", "sheet('rename')", "Rename", "Give it another title"),
    Key("chat.remove", "D", "chat", "sheet('remove')", "Remove", "Remove this conversation"),
    Key("chat.explainer", "M", "chat", "sheet('explainer')", "Model", "Which base explains here"),
    Key("chat.models", "m", "chat", "screen.models", "Models", "The base models"),
    Key("chat.copy", "y", "chat", "copy", "Copy", "Copy the answer; twice: into a file"),
    Key("chat.export", "E", "chat", "export", "Export", "Write the conversation into files"),
    *(
        Key(f"card.{n}", str(n), "card", f"follow('{n}')", f"Line {n}", f"Open line {n}: its code")
        for n in range(10)
    ),
    Key("welcome.models", "m", "welcome", "screen.models", "Models", "The base models"),
    Key("prompt.send", "enter", "prompt", "submit", "Send", "Send it; / shows commands, @ files"),
    Key("prompt.take", "tab", "prompt", "take", "Take", "Take what is highlighted in the list"),
    Key("prompt.newline", "ctrl+j", "prompt", "newline", "Line", "Begin another line"),
    Key("prompt.older", "up", "prompt", "step(-1)", "Older", "What was written before; list: up"),
    Key("prompt.newer", "down", "prompt", "step(1)", "Newer", "What came after it; list: down"),
    Key("prompt.editor", "ctrl+g", "prompt", "editor", "Editor", "Write it in $EDITOR"),
    Key("prompt.leave", "escape", "prompt", "leave", "Leave", "Leave the prompt; keys work again"),
    Key("query.send", "enter", "query", "submit", "Search", "Search the code for these words"),
    Key("query.down", "down", "query", "step(1)", "Next", "Go to the next hit"),
    Key("query.up", "up", "query", "step(-1)", "Before", "Go to the hit before"),
    Key("query.leave", "escape", "query", "leave", "Leave", "Leave the search; keys work again"),
    Key("filter.send", "enter", "filter", "submit", "Files", "Go to the files"),
    Key("filter.down", "down", "filter", "step(1)", "Next", "Go to the next file"),
    Key("filter.up", "up", "filter", "step(-1)", "Before", "Go to the file before"),
    Key("filter.leave", "escape", "filter", "leave", "Leave", "Go to the files; keys work again"),
    Key("confirm.no", "n,escape", "confirm", "no", "No", "Leave everything as it is"),
    Key("confirm.yes", "y", "confirm", "yes", "Yes", "Do it"),
    Key("confirm.turn", "tab,left,right", "confirm", "turn", "Other", "Go to the other answer"),
    Key("confirm.choose", "enter", "confirm", "choose", "Choose", "Take the focused answer"),
    Key("plan.start", "enter,t", "plan", "start", "Train", "Start the training"),
    Key("plan.more", "right,l", "plan", "turn(1)", "More", "Turn the dial up: learn more"),
    Key("plan.less", "left,h", "plan", "turn(-1)", "Less", "Turn the dial down: learn less"),
    Key("plan.base", "b", "plan", "base", "Base", "Take the next base"),
    Key("plan.update", "u", "plan", "update", "Update", "Learn only what changed, or all"),
    Key("plan.leave", "escape,q", "plan", "leave", "Leave", "Close without training"),
    Key("add.send", "enter", "add", "submit", "Add", "Add this folder"),
    Key("add.fill", "tab", "add", "fill", "Complete", "Complete the folder's name"),
    Key("add.leave", "escape", "add", "leave", "Leave", "Close without adding"),
    Key("name.send", "enter", "name", "submit", "Rename", "Take this name"),
    Key("reason.send", "enter", "reason", "submit", "Use", "Let it answer for this reason"),
    Key("reason.leave", "escape", "reason", "leave", "Leave", "Let it not answer"),
    Key("name.leave", "escape", "name", "leave", "Leave", "Keep the name"),
    Key("list.send", "enter", "list", "submit", "Choose", "Take the highlighted one"),
    Key("list.down", "down", "list", "step(1)", "Down", "Go to the next"),
    Key("list.up", "up", "list", "step(-1)", "Up", "Go to the one before"),
    Key("list.leave", "escape", "list", "leave", "Leave", "Close without choosing"),
    # Beside the keys of every list; the line would take letters.
    Key("models.verify", "ctrl+t", "models", "verify", "Check", "Read every byte of it", True),
    Key("models.remove", "ctrl+x", "models", "remove", "Remove", "Remove it (asks)", True),
    Key("versions.name", "ctrl+r", "versions", "act('name')", "Name", "Give it a name", True),
    Key("versions.note", "ctrl+n", "versions", "act('note')", "Note", "A note beside it", True),
    Key("versions.archive", "ctrl+e", "versions", "act('archive')", "Archive", "Away, back", True),
    Key("versions.remove", "ctrl+x", "versions", "act('remove')", "Remove", "Remove (asks)", True),
    Key("versions.deploy", "ctrl+d", "versions", "act('deploy')", "Deploy", "To Ollama", True),
    Key("exports.measure", "ctrl+r", "exports", "measure", "Measure", "What each loses", True),
    Key("deployed.back", "ctrl+r", "deployed", "act('roll back')", "Back", "The one before", True),
    Key("deployed.remove", "ctrl+x", "deployed", "act('undeploy')", "Remove", "Delete all", True),
    Key("short.edit", "ctrl+g", "short", "edit", "Edit", "Write it in $EDITOR", True),
    Key("short.delete", "ctrl+x", "short", "delete", "Delete", "Have it made anew", True),
    Key("log.level", "tab", "log", "screen.level", "Level", "Everything, milestones, troubles"),
    Key("log.down", "down,pagedown", "log", "screen.scroll(1)", "Down", "Scroll down"),
    Key("log.up", "up,pageup", "log", "screen.scroll(-1)", "Up", "Scroll up"),
    Key("log.leave", "escape,enter", "log", "leave", "Close", "Close the log"),
    Key("report.down", "down,j,pagedown", "report", "screen.scroll(1)", "Down", "Scroll down"),
    Key("report.up", "up,k,pageup", "report", "screen.scroll(-1)", "Up", "Scroll up"),
    Key("report.leave", "escape,enter,q", "report", "leave", "Close", "Close the report"),
    Key("jump.leave", "escape,ctrl+o", "jump", "leave", "Leave", "Go nowhere"),
    Key("compare.leave", "escape,d,q,enter", "compare", "leave", "Close", "Close the comparison"),
    Key("sides.down", "down,j,pagedown", "sides", "screen.scroll(1)", "Down", "Scroll down"),
    Key("sides.up", "up,k,pageup", "sides", "screen.scroll(-1)", "Up", "Scroll up"),
    Key("sides.leave", "escape,d,q,enter", "sides", "leave", "Close", "Close; stop writing"),
    Key("rows.turn", "tab,enter", "rows", "turn", "Turn", "The flow, its rows, files and symbols"),
    Key("rows.down", "down,j", "rows", "step(1)", "Down", "Go to the next row"),
    Key("rows.up", "up,k", "rows", "step(-1)", "Up", "Go to the row before"),
    Key("rows.further", "pagedown,J", "rows", "screen.scroll(1)", "Further", "Scroll the row"),
    Key("rows.nearer", "pageup,K", "rows", "screen.scroll(-1)", "Nearer", "Scroll it back"),
    Key("rows.share", "s", "rows", "share", "Share", "Rows of one share, then of the next"),
    Key("rows.prepare", "R", "rows", "prepare", "Prepare", "Prepare the rows of the project now"),
    Key("rows.reject", "minus", "rows", "choose(False)", "Reject", "Never learn its symbol"),
    Key("rows.accept", "plus,equals_sign", "rows", "choose(True)", "Accept", "Learn its symbol"),
    Key("rows.leave", "escape,q", "rows", "leave", "Close", "Close the rows"),
    Key("worth.turn", "tab,enter", "worth", "turn", "Turn", "The card, its items, what it learned"),
    Key("worth.down", "down,j", "worth", "step(1)", "Down", "Go to the next"),
    Key("worth.up", "up,k", "worth", "step(-1)", "Up", "Go to the one before"),
    Key("worth.further", "pagedown,J", "worth", "screen.scroll(1)", "Further", "Scroll"),
    Key("worth.nearer", "pageup,K", "worth", "screen.scroll(-1)", "Nearer", "Scroll back"),
    Key("worth.measure", "m", "worth", "measure", "Measure", "Items of one measure, then the next"),
    Key("worth.older", "left_square_bracket", "worth", "adapter(1)", "Older", "The adapter before"),
    Key("worth.newer", "right_square_bracket", "worth", "adapter(-1)", "Newer", "The one after"),
    Key("worth.leave", "escape,q", "worth", "leave", "Close", "Close the card"),
    Key("help.leave", "escape,question_mark,f1,q", "help", "leave", "Close", "Close the help"),
)  # fmt: skip
