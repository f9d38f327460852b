"""The map of a project that one knows has at its top what one would name first."""

from collections.abc import Iterable
from pathlib import Path

import click
import pytest
import textual
from support.plot import Plot

from gardener_core.graph.map import ranks_of
from gardener_core.store.project.catalog import Catalog

TOP = 20


def mapped(package: Path, folder: Path) -> tuple[list[str], list[str]]:
    """The files and the symbols of an installed package, the highest ranks first."""
    plot = Plot(folder)
    files = sorted(package.rglob("*.py"))
    plot.write({path.relative_to(package.parent).as_posix(): path.read_text() for path in files})
    plot.link(many=0)
    return _names(plot.catalog)


def _names(catalog: Catalog) -> tuple[list[str], list[str]]:
    ranks = ranks_of(catalog)
    paths = {number: path for path, number in catalog.maps.files().items()}
    known = catalog.maps.symbols(ranks.symbols[:TOP])
    return [paths[file] for file in ranks.files], [known[row].symbol for row in ranks.symbols[:TOP]]


@pytest.mark.parametrize(
    ("package", "files", "symbols", "fewest"),
    [
        (
            click,
            ["click/core.py", "click/types.py"],
            "Context Command Group Parameter Option Argument ParamType Choice ClickException "
            "UsageError BadParameter HelpFormatter echo option get_current_context",
            12,
        ),
        (
            textual,
            ["textual/widget.py", "textual/dom.py", "textual/app.py"],
            "Widget App DOMNode MessagePump Message Event on Static Input DataTable OptionList "
            "Tree TextArea ScrollView ScrollableContainer Screen Color Region Size Reactive",
            14,
        ),
    ],
    ids=["click", "textual"],
)
@pytest.mark.long
def test_top_twenty(
    package: object, files: Iterable[str], symbols: str, fewest: int, tmp_path: Path
) -> None:
    found_files, found = mapped(Path(str(getattr(package, "__file__", ""))).parent, tmp_path)
    assert set(files) <= set(found_files[:5])
    assert len(set(symbols.split()) & set(found)) >= fewest, found
