"""No test fetches a model that it did not ask for; the longest tests begin first."""

import gc
import os

import pytest

YOUNG_OBJECTS = 20_000  # made before garbage is looked for; the modules are none

os.environ.setdefault("GARDENER_MODELS__STARTER", "false")
gc.disable()  # until everything is imported


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let whole walks begin first: they wait for processes while others compute."""
    items.sort(key=lambda item: "e2e" not in item.path.parts)


def pytest_collection_finish() -> None:
    """Nothing that was imported is garbage: looking through it took a fifth of all tests."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(YOUNG_OBJECTS, 20, 50)
