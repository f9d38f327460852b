"""The seedling's tokenizer gives every text back as it was."""

from gardener_core.models.model import BaseModel
from gardener_core.models.tokens import TextTokens
from gardener_core.pretraining.tokenizer import SPECIAL, learn_tokenizer


def test_each_digit_is_a_token_of_its_own() -> None:
    tokenizer = learn_tokenizer(["total = 1234567890 + 1234567890\n"] * 50)
    digits = tokenizer.encode("1234").ids
    assert [tokenizer.decode([number]) for number in digits] == ["1", "2", "3", "4"]


def test_every_text_comes_back_as_it_was() -> None:
    tokenizer = learn_tokenizer(["def main():\n    return 0\n"] * 50)
    for text in ("\ufeffx", "a\x00b", "\r\n\t", "🙂‍🔥 e\u0301", "<|eos|> <|pad|>"):
        ids = tokenizer.encode(text).ids
        assert tokenizer.decode(ids, skip_special_tokens=False) == text
        assert not set(ids) & set(range(len(SPECIAL)))


def test_the_seedling_has_its_special_tokens_where_its_shape_says(seedling: BaseModel) -> None:
    tokens = TextTokens(seedling.path)
    assert [tokens.special(name) for name in SPECIAL] == list(range(len(SPECIAL)))
    assert tokens.special("<|nothing|>") is None
