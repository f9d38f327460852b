"""Apply ignore files as git does, its own and ours."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from gardener_core.code.files.bounded import ProjectFolder
from gardener_core.code.files.globs import BadPattern, expression_of, literal_of
from gardener_core.events.parts import SkippedFile

OURS = ".gardenerignore"
GITS = ".gitignore"
LARGEST_BYTES = 1_000_000
LONGEST_PATTERN = 1000
MOST_WILDCARDS = 1000
MOST_PROBLEMS = 20
Matcher = Callable[[str], object]
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class RuleFile:
    """The rules of one ignore file; of the rules that match a path, the last one decides.

    Names, paths and suffixes are looked up, so that time grows with the wildcards alone.
    """

    folder: str  # of the file, as `a/b/`; its rules apply below
    problems: list[SkippedFile] = field(default_factory=list)
    above: str = ""  # the project's path below the folder of an outer file, as `a/b/`
    # Rules for folders alone have keys of their own.
    _names: dict[tuple[bool, str], int] = field(default_factory=dict)
    _paths: dict[tuple[bool, str], int] = field(default_factory=dict)
    _suffixes: dict[tuple[bool, str], int] = field(default_factory=dict)
    _wildcards: list[tuple[int, bool, bool, Matcher]] = field(default_factory=list)
    _verdicts: list[bool] = field(default_factory=list)

    @classmethod
    def parse(cls, raw: bytes, folder: str, name: str) -> "RuleFile":
        """Parse the content of a file; a bad line is reported with its number."""
        found = cls(folder)
        bad = 0
        for number, line in enumerate(raw.removeprefix(_BOM).split(b"\n"), start=1):
            content = line.removesuffix(b"\r").split(b"\0")[0]
            pattern = _without_spaces(content.decode("latin-1"))
            if not pattern or pattern.startswith("#"):
                continue
            try:
                found._add(pattern)
            except BadPattern as problem:
                bad += 1
                if bad <= MOST_PROBLEMS:
                    found._report(name, f"line {number} has no effect: {problem}")
        if bad > MOST_PROBLEMS:
            found._report(name, f"{bad - MOST_PROBLEMS:,} more lines have no effect")
        return found

    def __bool__(self) -> bool:
        """Whether there is any rule."""
        return bool(self._verdicts)

    def seen_from(self, project: str) -> None:
        """Take paths relative to a project below, given as `a/b/`."""
        self.folder, self.above = "", project[len(self.folder) :]

    def verdict(self, path: str, name: str, is_folder: bool) -> bool | None:
        """Whether a path is ignored or included again; None where no rule matches."""
        inner = f"{self.above}{path[len(self.folder) :]}"
        if not inner.isascii():
            inner = inner.encode("utf-8", "surrogateescape").decode("latin-1")
            name = inner[inner.rfind("/") + 1 :]
        best = max(
            self._names.get((False, name), -1),
            self._paths.get((False, inner), -1),
            self._by_suffix(False, name),
        )
        if is_folder:
            best = max(
                best,
                self._names.get((True, name), -1),
                self._paths.get((True, inner), -1),
                self._by_suffix(True, name),
            )
        for number, for_folders, by_path, means in reversed(self._wildcards):
            if number < best:
                break
            if (is_folder or not for_folders) and means(inner if by_path else name):
                best = number
                break
        return self._verdicts[best] if best >= 0 else None

    def _by_suffix(self, for_folders: bool, name: str) -> int:
        """The last rule like `*.log` that matches; only single extensions are looked up."""
        at = name.rfind(".")
        return self._suffixes.get((for_folders, name[at:]), -1) if at >= 0 else -1

    def _report(self, name: str, reason: str) -> None:
        self.problems.append(SkippedFile(f"{self.folder}{name}", reason))

    def _add(self, pattern: str) -> None:
        ignored = not pattern.startswith("!")
        pattern = pattern.removeprefix("!")
        for_folders = pattern.endswith("/")
        pattern = pattern.removesuffix("/")
        if not pattern:
            raise BadPattern("it names nothing")
        if len(pattern) > LONGEST_PATTERN:
            raise BadPattern(f"it is longer than {LONGEST_PATTERN:,} letters")
        number = len(self._verdicts)
        by_path = "/" in pattern
        pattern = pattern.removeprefix("/")
        literal = literal_of(pattern)
        if literal is not None:
            (self._paths if by_path else self._names)[for_folders, literal] = number
        elif not by_path and _is_suffix(pattern):
            self._suffixes[for_folders, pattern[1:]] = number
        elif len(self._wildcards) == MOST_WILDCARDS:
            raise BadPattern(f"the file has more than {MOST_WILDCARDS:,} wildcards")
        else:
            means = expression_of(pattern, path=by_path).match
            self._wildcards.append((number, for_folders, by_path, means))
        self._verdicts.append(ignored)


class IgnoreRules:
    """Ignore files from the outermost folder to an inner one; the nearest decides."""

    def __init__(self, files: Iterable[RuleFile] = ()) -> None:
        self._files = tuple(file for file in files if file)

    def __bool__(self) -> bool:
        """Whether there is any rule."""
        return bool(self._files)

    def with_file(self, file: RuleFile) -> "IgnoreRules":
        """The same with the file of a folder below."""
        return IgnoreRules((*self._files, file)) if file else self

    def ignore(self, path: str, name: str, is_folder: bool) -> bool:
        """Whether a path is ignored, given that the folders above it are not."""
        for file in reversed(self._files):
            verdict = file.verdict(path, name, is_folder)
            if verdict is not None:
                return verdict
        return False


class OurRules:
    """The `.gardenerignore` files of a project; the nearest one decides."""

    def __init__(self, root: ProjectFolder, paths: Iterable[str]) -> None:
        folders = {path.removesuffix(OURS) for path in paths if is_ours(path)} | {""}
        self._files = {folder: read_rules(root, folder, OURS) for folder in folders}
        self._has_rules = any(self._files.values())
        self._hidden: dict[str, bool] = {"": False}
        self._rules: dict[str, IgnoreRules] = {"": IgnoreRules([self._files[""]])}

    @property
    def problems(self) -> list[SkippedFile]:
        """Lines and files that have no effect."""
        return [problem for file in self._files.values() for problem in file.problems]

    def __bool__(self) -> bool:
        """Whether there is any rule."""
        return self._has_rules

    def hide(self, path: str) -> bool:
        """Whether a file is hidden, itself or with a folder above it."""
        at = path.rfind("/") + 1
        return self._hides_folder(path[:at]) or self._at(path[:at]).ignore(path, path[at:], False)

    def _hides_folder(self, folder: str) -> bool:
        """Checked from the outside in, by a loop: folders may be thousands deep."""
        waiting = []
        while folder not in self._hidden:
            waiting.append(folder)
            folder = _above(folder)
        hidden = self._hidden[folder]
        for inner in reversed(waiting):
            path = inner[:-1]
            name = path[path.rfind("/") + 1 :]
            hidden = hidden or self._at(_above(inner)).ignore(path, name, True)
            self._hidden[inner] = hidden
        return hidden

    def _at(self, folder: str) -> IgnoreRules:
        waiting = []
        while folder not in self._rules:
            waiting.append(folder)
            folder = _above(folder)
        rules = self._rules[folder]
        for inner in reversed(waiting):
            rules = self._rules[inner] = rules.with_file(self._files.get(inner, RuleFile(inner)))
        return rules


def is_ours(path: str) -> bool:
    """Whether a path is one of our own ignore files."""
    return path.endswith(OURS) and path.removesuffix(OURS)[-1:] in ("", "/")


def read_rules(root: ProjectFolder, folder: str, name: str) -> RuleFile:
    """The rules of a folder's ignore file; none where it is missing or not a small file."""
    path = f"{folder}{name}"
    try:
        raw = root.read(path, LARGEST_BYTES)
    except FileNotFoundError:
        return RuleFile(folder)
    except OSError as problem:
        return RuleFile(folder, [SkippedFile(path, f"has no effect: {problem.strerror}")])
    if len(raw) > LARGEST_BYTES:
        return RuleFile(folder, [SkippedFile(path, "has no effect: larger than 1 MB")])
    return RuleFile.parse(raw, folder, name)


def _above(folder: str) -> str:
    return folder[: folder.rfind("/", 0, -1) + 1]


def _is_suffix(pattern: str) -> bool:
    """Whether a pattern is like `*.log`, with one dot and no other wildcard."""
    rest = pattern[2:]
    return pattern.startswith("*.") and "." not in rest and literal_of(rest) is not None


def _without_spaces(line: str) -> str:
    """A line without trailing spaces, unless a backslash keeps them."""
    end = at = 0
    while at < len(line):
        if line[at] == "\\":
            at += 1
            if at == len(line):
                return line
            end = at + 1
        elif line[at] != " ":
            end = at + 1
        at += 1
    return line[:end]
