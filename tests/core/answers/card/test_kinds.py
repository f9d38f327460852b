"""What a question asks for is told by its words, not by the names in it."""

from gardener_core.answers.card.kinds import KindModel, kind_of
from gardener_core.upkeep.bench_answers import bench_kinds

RIGHT = 0.80


def test_fresh_questions_get_their_kind() -> None:
    result = bench_kinds()
    assert result.n == 96 and result.value >= RIGHT


def test_names_say_nothing() -> None:
    assert kind_of("where is test_client defined") == "where"
    assert kind_of("who calls set_default_config") == "callers"
    assert kind_of("how is `changed_files` tested") == "test"


def test_slips_and_short_questions_are_understood() -> None:
    assert kind_of("callers of flush") == "callers"
    assert kind_of("whcih files handel sessions") == "files"


def test_model_survives_its_file() -> None:
    model = KindModel({"who calls": 0, "?": 1}, [1, 0, 0, 0, 0, 0, 0, 0] * 2, 0.5, (0.0,) * 8)
    kept = KindModel.from_bytes(model.to_bytes())
    assert (dict(kept.rows), list(kept.weights), kept.step) == (model.rows, model.weights, 0.5)
