"""A small shop with a history, whose cards are composed in this process."""

import subprocess
from pathlib import Path

from gardener_core.answers.explain.explainer import Explainer
from gardener_core.answers.requests import AskRequest, Exchange
from gardener_core.answers.serving import ServedBases
from gardener_core.engine.client import never
from gardener_core.engine.embedders import OpenEmbedders
from gardener_core.engine.lanes.ask import AskLane
from gardener_core.engine.lanes.search import SearchLane
from gardener_core.events.answer import Answered, CardLabel, CardLine, Composed
from gardener_core.graph.links import link
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places
from support.engines import PROJECT, index_project

FILES = {
    "shop/stock.py": '''"""Stock."""

import os

LIMIT = 40


class Shelf:
    """Holds items until they are sold."""

    def __init__(self) -> None:
        self.items: list[str] = []

    def restock(self, item: str, count: int = 1) -> int:
        """Put copies of an item on the shelf and return how many fit.

        The rest stays in the cellar.
        """
        room = room_left(self, limit=LIMIT)
        self.items += [item] * min(count, room)
        return min(count, room)


def room_left(shelf: Shelf, limit: int = LIMIT) -> int:
    if limit < 0:
        raise ValueError("a shelf holds something")
    return limit - len(shelf.items)


def cellar_folder() -> str:
    """The folder in which the cellar is kept."""
    return os.environ.get("SHOP_CELLAR", "cellar")
''',
    "shop/doors.py": '''"""Doors."""

#: Whether a lorry waits at :ref:`the back door <doors>`
#: until somebody opens.
WAITS_AT_DOOR = True
''',
    "shop/delivery.py": '''"""Deliveries."""

from shop.stock import Shelf, room_left


def unload(lorry: list[str], shelf: Shelf) -> int:
    """Bring everything from a lorry to the shelf."""
    return sum(shelf.restock(item) for item in lorry)


def announce(shelf: Shelf) -> str:
    """Tell the driver how much room there is."""
    return f"room for {room_left(shelf)}"


def drive_and_unload(lorry: list[str], shelf: Shelf) -> int:
    """Fetch a lorry and unload it."""
    return unload(lorry, shelf)
''',
    "tests/test_stock.py": """from shop.stock import Shelf


def test_restock_fills_the_shelf() -> None:
    assert Shelf().restock("soap", 50) == 40
""",
    "CHANGELOG.md": """# Changes

## 1.1
- `announce` speaks to drivers of lorries.

## 1.0
- The first shop.
""",
    "README.md": "# Shop\n\nLabels are printed by gummed_printer, which comes with the till.\n",
}


class Shop:
    """The project on the disk, and what it answers."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "code"
        for name, text in FILES.items():
            file = self.root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.places = Places.of_user({"GARDENER_HOME": str(folder / "home")})
        self._lane: AskLane | None = None

    def index(self) -> None:
        """Index and link what stands there now."""
        index_project(self.places, self.root)
        link(Catalog(self.places.catalog(PROJECT)).sources)

    def git(self, *words: str) -> None:
        """Run git in the project, as its author would."""
        author = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
        subprocess.run(["git", *author, *words], cwd=self.root, check=True, capture_output=True)

    def commit(self, subject: str) -> None:
        """Commit everything."""
        self.git("add", "-A")
        self.git("commit", "-m", subject)

    def replace(self, name: str, before: str, after: str) -> None:
        """Edit a file."""
        file = self.root / name
        text = file.read_text()
        assert before in text
        file.write_text(text.replace(before, after))

    def ask(self, question: str, *before: Exchange) -> Composed:
        """The card of a question."""
        events = self.lane.answer(AskRequest(PROJECT, question, 5, before=before), never)
        return next(event for event in events if isinstance(event, Composed))

    def explain(self, question: str, base: str) -> Answered:
        """The card with a model's words below it."""
        request = AskRequest(PROJECT, question, 5, base=base, tokens=60)
        *_, done = self.lane.answer(request, never)
        assert isinstance(done, Answered)
        return done

    @property
    def lane(self) -> AskLane:
        """What answers, in this process."""
        if self._lane is None:
            embedders = OpenEmbedders(self.places)
            search = SearchLane(self.places, embedders)
            self.bases = ServedBases(self.places)
            explainer = Explainer(self.bases, self.places)
            self._lane = AskLane(self.places, search, embedders.static, explainer)
        return self._lane


def line(card: Composed, label: CardLabel) -> CardLine:
    """The first line with a label."""
    return next(each for each in card.lines if each.label == label)


def texts(card: Composed, label: CardLabel) -> list[str]:
    """What the lines with a label say."""
    return [each.text for each in card.lines if each.label == label]
