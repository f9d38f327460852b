"""The names of deployed models are such as Ollama takes."""

import pytest

from gardener_core.errors import BadInput
from gardener_core.export.ollama.names import names_of


@pytest.mark.parametrize(
    ("project", "name"),
    [("click", "click"), ("My Web App", "my-web-app"), ("größe/x", "gr-e-x"), ("…", "project")],
)
def test_a_project_has_a_name_there(project: str, name: str) -> None:
    names = names_of(project)
    assert (names.project, names.latest) == (name, f"{name}:latest")
    assert names.version("V3") == f"{name}:v3" and names.rollback == f"{name}:rollback"
    assert len(names_of("x" * 200).project) <= 60


@pytest.mark.parametrize("wanted", ["Web", "a b", "-web", "x" * 61, "a/b"])
def test_another_name_has_to_be_one(wanted: str) -> None:
    with pytest.raises(BadInput, match="cannot be the name of a model"):
        names_of("web", wanted)
    assert names_of("web", "shop.app").latest == "shop.app:latest"
