"""Opens embedders, and closes them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.embedders.opening import EmbedderAccess, open_embedder
from gardener_core.system.places import Places


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Embedder]]:
    """Opens an embedder by the words of the settings; closed at the end."""
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    open_now: list[Embedder] = []

    def open_it(wanted: str, code_may_leave: bool = False, **own: str) -> Embedder:
        terms = EmbedderAccess.of_user(places, code_may_leave)
        open_now.append(open_embedder(EmbedderChoice(wanted, **own), terms))
        return open_now[-1]

    yield open_it
    for embedder in open_now:
        embedder.close()
