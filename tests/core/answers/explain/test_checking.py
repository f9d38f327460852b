"""What a model says is compared with the card and the names of the project."""

from gardener_core.answers.explain.checking import check_answer, names_of, sentences_of, words_of

KNOWN = {"get_pager_file", "echo_via_pager", "Context"}


def known(name: str) -> bool:
    return name in KNOWN


def test_a_sentence_needs_a_number_of_the_card() -> None:
    text = "It opens a pager [1]. It strips colours. It asks git [9]."
    checked = check_answer(text, frozenset({1, 2}), known)
    assert checked.unsourced == ("It strips colours.", "It asks git [9].")
    assert checked.wrong_numbers == (9,)


def test_a_number_behind_the_full_stop_belongs_to_the_sentence_before() -> None:
    assert sentences_of("It opens a pager. [1] It ends. [2]") == [
        "It opens a pager. [1]",
        "It ends. [2]",
    ]
    assert sentences_of("[1]") == []


def test_names_that_occur_nowhere_are_told() -> None:
    text = "`get_pager_file` calls click.run() and `echo_via_pager`; see os.path and e.g. Context."
    checked = check_answer(text, frozenset(), known)
    assert checked.unknown_names == ("click.run",)


def test_plain_words_are_no_names() -> None:
    assert names_of("The Context manager opens a file (see below).") == []
    assert names_of("make_str() and ParamType, then open(x)") == ["make_str", "ParamType", "open"]


def test_a_part_of_a_longer_word_is_no_name_that_was_read() -> None:
    read = frozenset(words_of("def truncate(path): ..."))
    checked = check_answer("It calls run() and truncate().", frozenset(), lambda name: name in read)
    assert checked.unknown_names == ("run",)
