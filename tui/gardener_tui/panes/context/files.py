"""Every file of the project, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from gardener_core.events.parts import CodeSpan
from gardener_core.search.indexing.files import ProjectFile
from gardener_core.system.terminal_text import clean_line
from gardener_tui.keymap import Keymap
from gardener_tui.panes.context.cards import Heading
from gardener_tui.panes.context.spot import Spot
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import beginning, counted, path_end, size

SHOWN_LINES = 200
MOST_SECRETS = 12
FALSE_ALARM = "A false alarm? A line PATH RULE in .gardenersecrets lets it pass."
_SIGNS: dict[str, Part] = {
    "failed": ("✖", "$error"),
    "left out": ("○", "$label"),
    "hidden": ("◐", "$warning"),
    "indexed": ("●", "$success"),
}
_TITLES = {
    "failed": "Failed",
    "left out": "Left out",
    "hidden": "With hidden secrets",
    "indexed": "In the index",
}
# What the key does about a file.
_REMEDIES = {
    "again": "reads it again",
    "anyway": "takes it though the rule leaves it out",
    "by rule": "leaves it to the rules again",
    "": "",
}


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file: its state in a sign and a word, what the index holds of it."""

    file: ProjectFile
    heading: bool = False

    @property
    def spot(self) -> Spot:
        """The beginning of the file."""
        file = self.file
        code = CodeSpan(file.path, "", "", file.language, 1, SHOWN_LINES)
        lines = tuple(line for line, _ in file.hidden if line <= SHOWN_LINES)
        return Spot(code, text="" if file.state != "indexed" else None, uses=lines)

    def draw(self, width: int, lines: int) -> Sequence[Content]:
        """One line, or two where there is little room."""
        sign = _SIGNS[sort_of(self.file)]
        path, told = clean_line(self.file.path), clean_line(self._told())
        if lines > 1:
            return [
                styled(" ", sign, " ", (path_end(path, width - 3), "bold")),
                styled((f"   {beginning(told, width - 3)}", "$label")),
            ]
        room = max(8, width // 2 - 3)
        first = path_end(path, room)
        left = styled(" ", sign, " ", (first, "bold"), " " * (room - len(first) + 2))
        return [left + styled((beginning(told, width - left.cell_length), "$label"))]

    def _told(self) -> str:
        file = self.file
        if file.state != "indexed":
            return file.reason
        secrets = [f"{counted(len(file.hidden), 'secret')} hidden"] if file.hidden else []
        return " · ".join(
            [*secrets, file.language, counted(file.chunks, "chunk"), size(file.bytes)]
        )


def sort_of(file: ProjectFile) -> str:
    """The group of a file."""
    return "hidden" if file.state == "indexed" and file.hidden else file.state


def file_rows(files: Sequence[ProjectFile], written: str) -> list[Row]:
    """The files that hold all these words in their path or their state; troubles come first."""
    words = written.lower().split()
    groups: dict[str, list[Row]] = {name: [] for name in _TITLES}
    for file in files:
        sort = sort_of(file)
        told = f"{file.path} {file.language} {_TITLES[sort]} {file.reason}".lower()
        if all(word in told for word in words):
            groups[sort].append(FileRow(file))
    rows: list[Row] = []
    for name, found in groups.items():
        if found:
            rows += [Heading(_TITLES[name], len(found)), *found]
    return rows


def file_text(file: ProjectFile, keys: Keymap) -> Content:
    """What one should know of a file, and what can be done about it."""
    rows = [
        styled((f"{file.state}", "bold"), (f": {file.reason}" if file.reason else "")),
        styled(("language  ", "$label"), file.language),
        styled(("size      ", "$label"), size(file.bytes)),
        styled(("chunks    ", "$label"), str(file.chunks)),
    ]
    if file.hidden:
        rows += [styled(""), styled("Hidden wherever the file is shown:")]
        rows += [
            styled((f"  line {line}  ", "$label"), clean_line(rule))
            for line, rule in file.hidden[:MOST_SECRETS]
        ]
        if len(file.hidden) > MOST_SECRETS:
            rows.append(styled((f"  and {len(file.hidden) - MOST_SECRETS} more", "$label")))
        rows.append(styled((FALSE_ALARM, "$label")))
    if file.remedy:
        key = keys.key("context.decide").shown
        rows += [styled(""), styled((key, "bold $accent"), f"  {_REMEDIES[file.remedy]}")]
    else:
        rows += [styled(""), styled(("Nothing lets it in: it is never read.", "$label"))]
    return Content("\n").join(rows)


def what_follows(file: ProjectFile) -> tuple[str, str, str]:
    """The question before it is done: title, what follows, and the answer that does it."""
    name = file.path.rpartition("/")[2]
    now = "An index run starts now and reads it, and whatever else has changed."
    match file.remedy:
        case "anyway":
            told = (
                f"It is left out: {file.reason}. It will be read all the same, {size(file.bytes)} "
                f"of it: found, quoted, learned from. Its secrets stay hidden. {now}"
            )
            return f"Take {name} in?", told, "Take it in"
        case "by rule":
            told = (
                "It is in the index because somebody wanted it. The rules decide again: where one "
                f"leaves it out, its {counted(file.chunks, 'chunk')} go. {now}"
            )
            return f"Leave {name} to the rules?", told, "Leave it to them"
        case _:
            was = f"Last time: {file.reason}. " if file.reason else ""
            return f"Read {name} again?", f"{was}It is read as if it had changed. {now}", "Read it"
