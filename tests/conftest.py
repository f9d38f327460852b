"""No test fetches a model that it did not ask for; the longest tests begin first."""

import os

import pytest

os.environ.setdefault("GARDENER_MODELS__STARTER", "false")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let whole walks begin first: they wait for processes while others compute."""
    items.sort(key=lambda item: "e2e" not in item.path.parts)
