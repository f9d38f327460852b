"""A pipe or a file on stdin goes along; one that stays silent holds nobody up."""

import os
from pathlib import Path

from gardener_core.cli.stdin import given_on_stdin


def test_a_pipe_is_read_to_its_end() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"KeyError: port\n")
    os.close(writing)
    assert given_on_stdin(reading).text == "KeyError: port\n"
    os.close(reading)


def test_of_a_long_file_the_end_is_taken_and_said(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"x" * 90_000 + b"the end")
    descriptor = os.open(file, os.O_RDONLY)
    given = given_on_stdin(descriptor, most=1000)
    os.close(descriptor)
    assert len(given.text) == 1000 and given.text.endswith("the end") and "1,000" in given.note


def test_an_open_pipe_without_a_byte_is_left_and_a_device_is_not_read() -> None:
    reading, writing = os.pipe()
    given = given_on_stdin(reading, first_byte_seconds=0.01)
    assert given.text == "" and "stdin" in given.note
    os.close(reading)
    os.close(writing)
    device = os.open(os.devnull, os.O_RDONLY)
    assert given_on_stdin(device).text == "" and given_on_stdin(device).note == ""
    os.close(device)
