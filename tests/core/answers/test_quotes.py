"""Answers quote what stands in the files, or say that nothing was found."""

from gardener_core.answers.quotes import answer_with_quotes

from gardener_core.engine.client import never
from gardener_core.events.answer import Answered, Token
from gardener_core.events.index import Hit, Retrieved
from gardener_core.events.parts import Why

TEXT = "\n".join(f"    line_{n} = {n}" for n in range(40)) + "\n    token = refresh(token)\n"


def hit(terms: tuple[str, ...], score: float = 5.0, text: str = TEXT) -> Hit:
    why = Why(1, score, terms)
    return Hit(1, "a/b.py", 10, 50, "Session.refresh", "method", "python", score, why, text)


def answer(question: str, *hits: Hit) -> tuple[str, Answered]:
    found, *tokens, done = answer_with_quotes(question, Retrieved(hits, 0.01), never)
    assert isinstance(found, Retrieved) and isinstance(done, Answered)
    assert all(isinstance(token, Token) for token in tokens)
    return "".join(token.text for token in tokens), done


def test_quote_is_the_part_that_holds_the_words() -> None:
    said, done = answer("where is the token refreshed?", hit(("refresh", "token")))
    assert done.found and said == done.text
    (place,) = done.citations
    lines = TEXT.split("\n")[place.start_line - 10 : place.end_line - 10 + 1]
    assert "\n".join(lines) in done.text
    assert "    token = refresh(token)" in lines
    assert (place.n, place.path, place.symbol) == (1, "a/b.py", "Session.refresh")


def test_too_few_words_is_not_found_with_the_nearest_files() -> None:
    said, done = answer("kubernetes gateway token rotation", hit(("token",)))
    assert not done.found and done.citations == ()
    assert said.startswith("Not found") and "a/b.py" in said


def test_no_hit_is_not_found() -> None:
    said, done = answer("kubernetes")
    assert not done.found and said.startswith("Not found")


def test_weak_second_hit_is_not_quoted() -> None:
    _, done = answer("token refresh", hit(("refresh", "token")), hit(("refresh", "token"), 1.0))
    assert len(done.citations) == 1


def test_cancel_ends_it() -> None:
    events = list(answer_with_quotes("token", Retrieved((hit(("token",)),), 0.0), lambda: True))
    assert not any(isinstance(event, Token) for event in events)


def test_fence_is_longer_than_any_in_the_code() -> None:
    said, _ = answer("token", hit(("token",), text="token = '''\n````md\n````\n'''\n"))
    assert "`````python\ntoken" in said and said.rstrip().endswith("`````")
