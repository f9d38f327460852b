"""Invented names are made of real ones, and what is found of them is counted."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.asking import Shop
from support.engines import PROJECT
from support.scripted_garden import a_project
from support.shared import made_once

from gardener_core.answers.explain.explainer import Explainer
from gardener_core.answers.requests import CheckNamesRequest
from gardener_core.answers.serving import ServedBases
from gardener_core.engine.client import Engine, never
from gardener_core.engine.embedders import OpenEmbedders
from gardener_core.engine.lanes.ask import AskLane
from gardener_core.engine.lanes.search import SearchLane
from gardener_core.engine.protocol import Request
from gardener_core.events.union import Event
from gardener_core.store.database import Database
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places
from gardener_core.upkeep.bench_names import bench_names
from gardener_core.upkeep.bench_project import Result


class Here(Engine):
    """Checks names in this process."""

    def __init__(self, places: Places) -> None:
        super().__init__(places)
        embedders = OpenEmbedders(places)
        search = SearchLane(places, embedders)
        explainer = Explainer(ServedBases(places), places)
        self.lane = AskLane(places, search, embedders.static, explainer)

    def answer(self, request: Request, cancelled: Callable[[], bool] = never) -> Iterator[Event]:
        assert isinstance(request, CheckNamesRequest)
        yield self.lane.check_names(request)


def test_right_names_are_left_alone_and_invented_ones_are_marked(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    shop = made_once(tmp_path_factory, "shop-of-names-to-bench", Shop)
    if not shop.places.catalog(PROJECT).exists():
        shop.index()
    project = ProjectTable(Database(shop.places.database)).get(PROJECT)
    catalog = Catalog(shop.places.catalog(PROJECT))
    lines = list(bench_names(Here(shop.places), catalog, project))
    invented, right = (line for line in lines if isinstance(line, Result))
    assert invented.name == "invented names marked" and invented.n >= 20
    assert invented.value >= 0.9, lines
    assert right.name == "right names marked" and right.n >= 20
    assert right.value <= 0.02, lines


def test_a_project_in_no_known_language_has_no_figures(tmp_path: Path) -> None:
    class Nothing(Engine):
        pass

    places = Places(config=tmp_path, data=tmp_path)
    empty = Catalog(tmp_path / "catalog.db")

    assert list(bench_names(Nothing(places), empty, a_project())) == []
