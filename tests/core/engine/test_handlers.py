"""Every request has a route and a handler."""

from pathlib import Path
from typing import get_args

import pytest

from gardener_core.engine.handlers import Handlers
from gardener_core.engine.protocol import ROUTES, CancelRequest, Request
from gardener_core.system.places import Places


def test_every_request_has_a_route_and_a_handler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    handlers = Handlers(Places.of_user())
    handlers.close()
    requests = set(get_args(Request)) - {CancelRequest}  # which is heard before any lane
    assert set(ROUTES) == set(handlers.by_request) == requests
