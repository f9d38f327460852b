"""Whatever one switches between, no project answers with another's words or adapter."""

from pathlib import Path

import pytest
from support.engines import running_engine
from support.served import place_base
from support.switched import three_projects, walk, with_fingerprints

from gardener_core.models.store import ModelStore
from gardener_core.system.places import Places

SWITCHES = 12


def test_no_project_has_anything_of_another(
    grown, base_gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    places = Places.of_user()
    place_base(places, grown, base_gguf)
    base = ModelStore(places).get("seedling")
    made = three_projects(places, base, tmp_path / "code")
    with running_engine(places) as engine:
        projects = with_fingerprints(engine, base, made)
        told = list(walk(engine, base, projects, SWITCHES))
        assert all(one.tokens_kept > 50 for one in told), "nobody's prompt is read twice"
        assert engine.process_id > 0
