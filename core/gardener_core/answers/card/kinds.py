"""Tell what a question asks for."""

from gardener_core.events.answer import QuestionKind


def kind_of(text: str) -> QuestionKind:
    """The kind of a question."""
    return "where"
