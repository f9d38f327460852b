"""A text is tokenized once, and only the last ones are kept."""

from gardener_core.models.serving.token_cache import LONGEST_TEXT, TokenCache


def test_each_text_is_asked_for_once_until_it_is_old() -> None:
    asked: list[str] = []

    def tokenize(text: str) -> list[int]:
        asked.append(text)
        return [len(text)]

    cache = TokenCache(tokenize, most=2)
    first = cache.ids_of("a")
    first.append(9)
    assert cache.ids_of("a") == [1], "what is given away is no part of it"
    assert cache.ids_of("bb") == [2] and cache.ids_of("a") == [1]
    cache.ids_of("ccc")
    assert cache.ids_of("a") == [1] and asked == ["a", "bb", "ccc"]
    cache.ids_of("bb")
    cache.ids_of("x" * (LONGEST_TEXT + 1))
    assert asked[-2:] == ["bb", "x" * (LONGEST_TEXT + 1)]
