"""Markdown, split into blocks while it is written."""

import pytest

from gardener_tui.widgets.markdown.blocks import LONGEST_PARAGRAPH, Block, BlockReader, blocks

TEXT = """# Head
one
two

```python
a = [1]

b
```
- item
  continued
- other

| a | b |
|---|---|
| 1 | 2 |
> quoted
***
three"""


def test_each_kind_of_block_is_known() -> None:
    assert [(block.kind, block.text) for block in blocks(TEXT)] == [
        ("heading", "# Head"),
        ("paragraph", "one\ntwo"),
        ("code", "a = [1]\n\nb"),
        ("item", "- item\n  continued"),
        ("item", "- other"),
        ("table", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("quote", "> quoted"),
        ("rule", "***"),
        ("paragraph", "three"),
    ]
    assert blocks("```\nstill open") == [Block("code", "still open")]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_a_text_that_comes_in_pieces_is_split_as_the_whole_is(size: int) -> None:
    reader = BlockReader()
    for at in range(0, len(TEXT), size):
        reader.feed(TEXT[at : at + size])
        assert reader.closed == blocks(TEXT)[: len(reader.closed)], "what is closed stays"
    reader.end()
    assert reader.closed == blocks(TEXT)


def test_what_is_being_written_is_there_before_its_end() -> None:
    reader = BlockReader()
    reader.feed("one\n\n```py\nx = 1\ny")
    assert [block.text for block in reader.closed] == ["one"]
    assert reader.open == Block("code", "x = 1\ny", "py")
    reader.feed("\n``")
    assert reader.open == Block("code", "x = 1\ny", "py"), "half an end is no code"


def test_a_long_paragraph_is_split_at_a_space_and_loses_nothing() -> None:
    text = "some words " * 400
    reader = BlockReader()
    for at in range(0, len(text), 13):
        reader.feed(text[at : at + 13])
        assert reader.open is None or len(reader.open.text) <= LONGEST_PARAGRAPH + 13
    reader.end()
    assert " ".join(block.text for block in reader.closed).split() == text.split()
