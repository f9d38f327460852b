"""What a model says is compared with the card and the names of the project."""

from gardener_core.answers.explain.checking import check_answer, sentences_of
from gardener_core.answers.explain.names import SaidName

KNOWN = {"get_pager_file", "echo_via_pager", "Context"}


def known(name: SaidName) -> bool:
    return name.text in KNOWN


def test_a_sentence_without_a_number_of_the_card_is_told() -> None:
    text = "It opens a pager [1]. It strips colours. It asks git [9]."
    checked = check_answer(text, frozenset({1, 2}), known)
    assert checked.uncited == ("It strips colours.", "It asks git [9].")
    assert checked.wrong_numbers == (9,)


def test_a_number_behind_the_full_stop_belongs_to_the_sentence_before() -> None:
    assert sentences_of("It opens a pager. [1] It ends. [2]") == [
        "It opens a pager. [1]",
        "It ends. [2]",
    ]
    assert sentences_of("[1]") == []


def test_an_abbreviation_ends_no_sentence_and_a_line_does() -> None:
    assert sentences_of("It asks, e.g. Git.\nThen it ends") == [
        "It asks, e.g. Git.",
        "Then it ends",
    ]


def test_names_that_exist_nowhere_are_told() -> None:
    text = "`get_pager_file` calls click.run() and `echo_via_pager`; see e.g. Context."
    assert check_answer(text, frozenset(), known).unknown_names == ("click.run",)
