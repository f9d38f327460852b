"""A conversation as a tree."""

from gardener_core.answers.conversation.tree import Conversation, written_in


def texts(conversation: Conversation) -> list[str]:
    return [entry.text for entry in conversation.path]


def test_questions_follow_each_other() -> None:
    talk = Conversation()
    first, second = talk.ask("a"), talk.ask("b", model="m")
    assert texts(talk) == ["a", "b"] and second.parent == first.number
    assert [entry.text for entry in talk.before(second.number)] == ["a"]
    assert second.model == "m"


def test_a_branch_keeps_the_other_one_and_keys_go_between_them() -> None:
    talk = Conversation()
    first = talk.ask("a")
    second = talk.ask("b")
    talk.ask("c")
    edited = talk.branch(second.number, "B")
    assert texts(talk) == ["a", "B"] and edited.parent == first.number
    assert talk.branches(second.number) == [second.number, edited.number]
    talk.ask("D")
    assert talk.turn(edited.number, -1) == talk.get(second.number)
    assert texts(talk) == ["a", "b", "c"]
    assert talk.turn(second.number, -1) is None and texts(talk) == ["a", "b", "c"]
    talk.turn(second.number, 1)
    assert texts(talk) == ["a", "B", "D"]


def test_the_first_question_can_branch_too() -> None:
    talk = Conversation()
    first = talk.ask("a")
    talk.ask("b")
    talk.branch(first.number, "A")
    assert texts(talk) == ["A"]


def test_what_came_back_is_kept_with_its_entry() -> None:
    talk = Conversation()
    entry = talk.ask("a")
    talk.keep(entry.number, words="half", ended="stopped")
    assert talk.path[0].words == "half" and talk.path[0].ended == "stopped"


def test_what_was_written_is_known_newest_first_and_once() -> None:
    talk = Conversation()
    for text in ("a", "b", "a", "c"):
        talk.ask(text)
    talk.ask("x =", "code")
    assert written_in(talk.entries) == ("/complete x =", "c", "a", "b")


def test_entries_alone_are_enough_to_make_it_again() -> None:
    talk = Conversation()
    first = talk.ask("a")
    talk.branch(first.number, "A")
    talk.turn(first.number + 1, -1)
    chosen = [entry.number for entry in talk.path]
    again = Conversation(talk.entries, chosen)
    assert texts(again) == ["a"] and again.entries == talk.entries
