"""The files of a project, as rows and as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, assert_never

from textual.content import Content

from gardener_core.events.parts import CodeSpan
from gardener_core.search.indexing.files import ProjectFile
from gardener_core.system.numbers import size
from gardener_core.system.terminal_text import clean_line
from gardener_tui.keymap import Keymap
from gardener_tui.panes.context.rows.places import Heading
from gardener_tui.panes.context.spot import Spot
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import beginning, counted, path_end

# Files are listed by their state; indexed ones with secrets have a group of their own.
FileGroup = Literal["failed", "left out", "hidden", "indexed"]

SHOWN_LINES = 200
MOST_SECRETS = 12
FALSE_ALARM = "A false alarm? A line PATH RULE in .gardenersecrets lets it pass."
_SIGNS: dict[FileGroup, Part] = {
    "failed": ("✖", "$error"),
    "left out": ("○", "$label"),
    "hidden": ("◐", "$warning"),
    "indexed": ("●", "$success"),
}
_TITLES: dict[FileGroup, str] = {
    "failed": "Failed",
    "left out": "Left out",
    "hidden": "With hidden secrets",
    "indexed": "In the index",
}
# What the key does about a file.
_REMEDIES = {
    "again": "reads it again",
    "anyway": "indexes it although a rule leaves it out",
    "by rule": "lets the rules decide again",
    "": "",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A question before something is done: its title, what follows, the answer that does it."""

    title: str
    consequence: str
    yes: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file: a sign for its state, and what the index holds of it."""

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
        sign = _SIGNS[group_of(self.file)]
        path, facts = clean_line(self.file.path), clean_line(self._facts())
        if lines > 1:
            return [
                styled(" ", sign, " ", (path_end(path, width - 3), "bold")),
                styled((f"   {beginning(facts, width - 3)}", "$label")),
            ]
        room = max(8, width // 2 - 3)
        first = path_end(path, room)
        left = styled(" ", sign, " ", (first, "bold"), " " * (room - len(first) + 2))
        return [left + styled((beginning(facts, width - left.cell_length), "$label"))]

    def _facts(self) -> str:
        file = self.file
        if file.state != "indexed":
            return file.reason
        secrets = [f"{counted(len(file.hidden), 'secret')} hidden"] if file.hidden else []
        return " · ".join(
            [*secrets, file.language, counted(file.chunks, "chunk"), size(file.bytes)]
        )


def group_of(file: ProjectFile) -> FileGroup:
    """The group of a file."""
    return "hidden" if file.state == "indexed" and file.hidden else file.state


def file_rows(files: Sequence[ProjectFile], written: str) -> list[Row]:
    """The files that have all these words in their path or state; failed ones come first."""
    words = written.lower().split()
    groups: dict[FileGroup, list[Row]] = {name: [] for name in _TITLES}
    for file in files:
        group = group_of(file)
        text = f"{file.path} {file.language} {_TITLES[group]} {file.reason}".lower()
        if all(word in text for word in words):
            groups[group].append(FileRow(file))
    rows: list[Row] = []
    for group, matches in groups.items():
        if matches:
            rows += [Heading(_TITLES[group], len(matches)), *matches]
    return rows


def file_text(file: ProjectFile, keys: Keymap) -> Content:
    """What is known of a file, and what can be done about it."""
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
        rows += [styled(""), styled(("It can never be indexed.", "$label"))]
    return Content("\n").join(rows)


def decision(file: ProjectFile) -> Decision:
    """The question before a file is read again, indexed anyway or left to the rules."""
    name = file.path.rpartition("/")[2]
    now = "An index run starts now and reads it with everything else that has changed."
    match file.remedy:
        case "anyway":
            text = (
                f"It is left out: {file.reason}. All {size(file.bytes)} of it will be indexed, "
                f"searched, quoted and trained on. Its secrets stay hidden. {now}"
            )
            return Decision(f"Index {name} anyway?", text, "Index it")
        case "by rule":
            text = (
                "It is indexed because you asked for it. If a rule leaves it out, its "
                f"{counted(file.chunks, 'chunk')} are removed from the index. {now}"
            )
            return Decision(f"Let the rules decide about {name}?", text, "Let them decide")
        case "again" | "":
            before = f"Last time: {file.reason}. " if file.reason else ""
            text = f"{before}It is read as if it had changed. {now}"
            return Decision(f"Read {name} again?", text, "Read it")
        case _ as never:
            assert_never(never)
