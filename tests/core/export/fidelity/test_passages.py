"""Places are spread over all texts, with short and long contexts."""

import pytest

from gardener_core.errors import ModelUnfit
from gardener_core.export.fidelity.passages import LONGEST_TOKENS, PASSAGES, passages_of
from gardener_core.models.model import BaseModel
from gardener_core.models.tokens import TextTokens


@pytest.fixture
def tokens(seedling: BaseModel) -> TextTokens:
    return TextTokens(seedling.folder)


def test_there_are_about_as_many_places_as_asked_for(tokens: TextTokens, sources) -> None:
    texts = [file.text for file in sources[:12]]
    passages = passages_of(texts, tokens, 160)
    assert len(passages) == PASSAGES
    places = sum(len(one.ids) - one.first for one in passages)
    assert 140 <= places <= 160
    contexts = [one.first for one in passages]
    assert contexts[0] == 1 and contexts[-1] > 150 and contexts == sorted(contexts)
    assert all(len(one.ids) <= LONGEST_TOKENS for one in passages)
    assert {one.text for one in passages} == set(range(8)), "each text once before one twice"


def test_the_bytes_of_tokens_are_those_of_the_text(tokens: TextTokens) -> None:
    text = "größe = '漢字'\n" * 20
    (one, *_) = passages_of([text], tokens, 10_000)
    whole = text.encode()
    assert tokens.decode(one.ids).encode()[: sum(one.bytes)] == whole[: sum(one.bytes)]
    assert sum(one.bytes) > len(one.ids)


def test_few_short_texts_are_read_to_their_end(tokens: TextTokens) -> None:
    passages = passages_of(["x = 1\n", "", "y"], tokens, 160)
    assert [one.text for one in passages] in ([0], [0, 2])
    assert passages[0].first == 1
    with pytest.raises(ModelUnfit, match="no text"):
        passages_of([""], tokens, 160)


def test_a_place_has_a_token_before_it_and_one_to_predict(tokens: TextTokens, sources) -> None:
    for places in (1, 8, 9, 5_000):
        for one in passages_of([file.text for file in sources[:3]], tokens, places):
            assert 1 <= one.first < len(one.ids) == len(one.bytes)
