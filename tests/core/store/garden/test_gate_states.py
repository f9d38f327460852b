"""An adapter has legal moves, and what has not passed says so."""

from pathlib import Path

import pytest

from gardener_core.errors import BadInput
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.gate_states import caveat_of, require_move, state_named
from gardener_core.store.garden.projects import ProjectTable


def test_moves_that_make_sense_and_others() -> None:
    for state in ("scored", "passed", "failed", "archived"):
        require_move("trained", state)
        require_move("partial", state)
    require_move("passed", "failed")  # measured again
    require_move("archived", "trained")
    with pytest.raises(BadInput, match="archived cannot become passed"):
        require_move("archived", "passed")
    with pytest.raises(BadInput, match="failed cannot become trained"):
        require_move("failed", "trained")


def test_only_one_that_passed_has_nothing_to_say() -> None:
    assert caveat_of("passed", "") == ""
    assert caveat_of("trained", "") == "not measured"
    assert caveat_of("failed", "I like it") == "failed the gate; used because: I like it"
    assert state_named("of a newer program") == "trained"


def test_a_reason_is_stored_with_the_adapter_and_in_the_audit_log(tmp_path: Path) -> None:
    database = Database(tmp_path / "garden.db")
    projects, adapters = ProjectTable(database), AdapterTable(database)
    project = projects.insert("web", tmp_path)
    assert adapters.register(project.id, "v1", "b", "r", 1).caveat == "not measured"
    projects.use_adapter(project.id, "v1", "b", "to try it")
    assert adapters.get(project.id, "v1").caveat == "not measured; used because: to try it"
    entry = AuditLog(database).all()[-1]
    assert (entry.action, entry.detail) == ("gate overridden", "v1: to try it")
    assert adapters.move(project.id, "v1", "passed").caveat == ""
    projects.use_adapter(project.id, "v1", "b")
    assert AuditLog(database).all()[-1].action == "adapter used"
