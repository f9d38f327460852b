"""A small project whose links are made from texts, without processes or a table."""

from pathlib import Path

from gardener_core.code.chunks import parse_and_cut
from gardener_core.code.files.listing import SourceText
from gardener_core.code.parsing.facts import facts_of
from gardener_core.events.index import Linked
from gardener_core.graph.links import link
from gardener_core.store.project.catalog import Catalog, KnownFile
from gardener_core.store.project.links import Link


class Plot:
    """Files are written and removed, links are made and looked at."""

    def __init__(self, folder: Path, **files: str) -> None:
        self.catalog = Catalog(folder / "catalog.db")
        self.texts: dict[str, str] = {}
        if files:
            self.write(files)

    def write(self, files: dict[str, str]) -> None:
        entries, facts = [], []
        for path, text in files.items():
            self.texts[path] = text
            source = SourceText(path, text.encode(), "utf-8")
            facts.append(facts_of(source, parse_and_cut(source).parsed, str))
            entries.append(KnownFile(path, len(text), 1, text, 1, ""))
        self.catalog.keep(entries, facts=facts)

    def remove(self, path: str) -> None:
        del self.texts[path]
        self.catalog.keep([], [path])

    def link(self, most_files: int | None = None, many: int = 100) -> Linked | None:
        return link(self.catalog.sources, most_files, many)

    def links(self) -> list[Link]:
        return self.catalog.links.all()

    def imports(self) -> set[str]:
        """What is imported, in the same lines."""
        found = [each for each in self.links() if each.sort == "import"]
        return {f"{e.path}:{e.symbol} -> {e.to_path}:{e.to_symbol}" for e in found}

    def told(self) -> set[str]:
        """The links in one line each: `caller -> callee`, marked where they are not sure calls.

        Imports are left out: they say again what the calls say.
        """
        lines = set()
        for each in self.links():
            if each.sort == "import":
                continue
            marks = [mark for mark in (each.grade, each.sort) if mark not in ("sure", "call")]
            here = f"{each.path}:{each.symbol}" if each.symbol else each.path
            line = " ".join([f"{here} -> {each.to_path}:{each.to_symbol}", *marks])
            lines.add(line)
        return lines


def told_of(folder: Path, files: dict[str, str]) -> set[str]:
    """The links of a few files."""
    plot = Plot(folder)
    plot.write(files)
    plot.link()
    return plot.told()
