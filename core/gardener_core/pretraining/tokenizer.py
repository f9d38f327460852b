"""Train a small byte-level tokenizer."""

from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

VOCABULARY = 2048
END, PADDING, FILE = "<|eos|>", "<|pad|>", "<|file|>"
# Ids follow this order. Those for infilling and chats are reserved, so that a later seedling that
# learns them needs no other tokenizer.
SPECIAL = (
    END, PADDING, FILE, "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>",
    "<|user|>", "<|assistant|>",
)  # fmt: skip

END_ID, PADDING_ID = SPECIAL.index(END), SPECIAL.index(PADDING)


def learn_tokenizer(texts: Iterable[str]) -> Tokenizer:
    """Train byte pairs; llama.cpp calls this pre-tokenizer `starcoder`."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.encode_special_tokens = True  # text in a source never becomes one
    return tokenizer


def as_transformers(tokenizer: Tokenizer) -> PreTrainedTokenizerFast:
    """Wrap it, so that it saves the files that transformers loads."""
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END,
        pad_token=PADDING,
        additional_special_tokens=list(SPECIAL[2:]),
        clean_up_tokenization_spaces=False,
    )
