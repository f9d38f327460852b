"""Tell whether a name exists in a project or around it."""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from gardener_core.answers.card.question import FILE_SUFFIXES
from gardener_core.answers.explain.library_names import libraries_of, library_names
from gardener_core.answers.explain.names import SaidName
from gardener_core.code.packages import PackageNames, names_of_packages
from gardener_core.search.table_contents import TableContents
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.facts import Symbol

MOST_CHUNKS = 200
MOST_BASES = 20
_CLASSES = frozenset({"class", "interface", "struct", "enum", "trait", "type"})
_PLAIN = re.compile(r"[a-z]+|[A-Z]?[a-z]+")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")


class KnownNames:
    """The names of one project for one answer: its own, of its languages, of its packages.

    What an answer rests on is of `languages`; where one has no library here, nothing is judged.
    `read` is what the model has read.
    """

    def __init__(
        self,
        root: Path,
        catalog: Catalog,
        contents: TableContents | None,
        languages: Iterable[str],
        packages: Callable[[], PackageNames] | None = None,
    ) -> None:
        self._catalog = catalog
        self._contents = contents
        libraries = libraries_of(languages)
        self.judges = libraries is not None and contents is not None
        self._library = frozenset[str]().union(*map(library_names, libraries or ()))
        self._packages_of = packages or (lambda: names_of_packages(root))
        self._packages: PackageNames | None = None
        self._read: frozenset[str] = frozenset()
        self._decided: dict[SaidName, bool] = {}

    def add_read(self, text: str) -> None:
        """What stands in this text is known."""
        self._read |= frozenset(_WORD.findall(text))

    def knows(self, name: SaidName) -> bool:
        """Whether a name exists; where it cannot be judged, yes."""
        if not self.judges:
            return True
        if name not in self._decided:
            with self._catalog.checking_for_damage():
                self._decided[name] = self._exists(name)
        return self._decided[name]

    def _exists(self, name: SaidName) -> bool:
        if name.text.startswith("-"):
            return bool(self._lines_with(re.escape(name.text), name.text))
        *owners, last = name.parts
        if owners and last.lower() in FILE_SUFFIXES:
            return self._is_file(name.text) or self._is_said_whole(name.text)
        if not owners:
            return self._is_known(last, name.is_called)
        if self._is_said_whole(name.text):
            return True
        pairs = zip(name.parts, name.parts[1:], strict=False)
        members = [self._is_member(owner, member) for owner, member in pairs]
        if False in members:
            return False
        known = self._is_known(name.parts[0], False)
        return known and all(
            is_sure or self._is_known(part, name.is_called and part == last)
            for is_sure, part in zip(members, name.parts[1:], strict=True)
        )

    def _is_known(self, word: str, is_called: bool) -> bool:
        """Whether one word is a name of the project, of a language or of a package."""
        if word in self._library or (word in self._read and not is_called):
            return True
        if self._catalog.symbols.named(word):
            return True
        # Prose holds words like `run` as well; what is called must be called or brought in there.
        pattern = rf"(?<![\w$]){re.escape(word)}(?![\w$])"
        if is_called and _PLAIN.fullmatch(word):
            pattern += r"\s*[(=:,)<\[]"
        return bool(self._lines_with(pattern, word)) or word in self._installed()

    def _is_member(self, owner: str, member: str) -> bool | None:
        """Whether the owner has the member; None where it is not known what the owner is."""
        symbols = self._catalog.symbols.named(owner)
        classes = [item for item in symbols if item.kind in _CLASSES]
        if classes:
            return self._is_in_class(classes, member)
        if symbols:
            return None
        files = self._files_of_module(owner)
        if files:
            return self._is_in_module(owner, files, member)
        is_module = owner in self._library and owner.islower()
        return member in self._library if is_module else None

    def _is_in_class(self, classes: Sequence[Symbol], member: str) -> bool | None:
        """Whether a class or one of its bases names it; None where a base lies elsewhere."""
        waiting, seen, all_here = list(classes), set[tuple[str, str]](), True
        while waiting and len(seen) < MOST_BASES:
            item = waiting.pop()
            if (item.path, item.symbol) in seen:
                continue
            seen.add((item.path, item.symbol))
            if self._names(item, member):
                return True
            bases = self._catalog.links.bases(item.path, item.symbol)
            named = re.findall(r"[\w.]+", item.signature.partition("(")[2])
            all_here = all_here and len(bases) >= len(named) and "extends" not in item.signature
            waiting += [
                symbol
                for link in bases
                for symbol in self._catalog.symbols.of_file(link.to_path)
                if symbol.symbol == link.to_symbol
            ]
        if all_here:
            return False
        return True if member in self._library or member in self._installed() else None

    def _names(self, item: Symbol, member: str) -> bool:
        """Whether the lines of a class hold the word."""
        if any(
            symbol.symbol == f"{item.symbol}.{member}"
            for symbol in self._catalog.symbols.of_file(item.path)
        ):
            return True
        if self._contents is None:
            return False
        lines = self._contents.text_of_file(item.path).split("\n")
        own = "\n".join(lines[item.line - 1 : item.last_line])
        word = re.escape(member)
        pattern = rf"(?:self|cls|this)\.{word}\b|^\s*{word}\s*[:=]"
        return re.search(pattern, own, re.MULTILINE) is not None

    def _files_of_module(self, name: str) -> list[str]:
        """The files of a module or package of the project."""
        return [
            path
            for path in self._catalog.files()
            if f"/{path}".rpartition(".")[0].endswith(f"/{name}")
            or f"/{path}".rpartition("/")[0].endswith(f"/{name}")
        ]

    def _is_in_module(self, owner: str, files: Sequence[str], member: str) -> bool:
        """Whether a module defines a name, takes it in, or has a part of this name."""
        for path in files:
            parts = path.split("/")
            if parts[-1].partition(".")[0] == member or member in parts[:-1]:
                return True
            if any(symbol.symbol == member for symbol in self._catalog.symbols.of_file(path)):
                return True
        pattern = rf"(?:import|as|,|^)\s*{re.escape(member)}\b(?!\s*\()"
        return any(row["path"] in files for row in self._rows_with(pattern, member))

    def _is_file(self, name: str) -> bool:
        return any(f"/{path}".endswith(f"/{name}") for path in self._catalog.files())

    def _is_said_whole(self, name: str) -> bool:
        return bool(self._lines_with(rf"(?<![\w$]){re.escape(name)}(?![\w$])", name))

    def _lines_with(self, pattern: str, word: str) -> bool:
        return bool(self._rows_with(pattern, word))

    def _rows_with(self, pattern: str, word: str) -> list[dict[str, str]]:
        if self._contents is None:
            return []
        compiled = re.compile(pattern, re.MULTILINE)
        rows = self._contents.rows_with(word, MOST_CHUNKS)
        return [row for row in rows if compiled.search(row["text"])]

    def _installed(self) -> PackageNames:
        if self._packages is None:
            self._packages = self._packages_of()
        return self._packages
