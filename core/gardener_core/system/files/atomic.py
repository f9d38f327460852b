"""Write files and folders atomically."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path


def make_folder(path: Path) -> Path:
    """Create a folder and its parents, readable by the owner alone."""
    if not path.is_dir():
        make_folder(path.parent)  # parents made by mkdir would be readable by others
        path.mkdir(exist_ok=True, mode=0o700)
    return path


def write_whole(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write a file by a rename, so that no reader ever sees half of it."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(new, path)
    except OSError as problem:
        with contextlib.suppress(OSError):
            new.unlink()
        problem.filename = str(path)  # a write on a full disk does not name the file
        raise
    if durable:
        sync_folder(path.parent)


@contextlib.contextmanager
def writing_aside(path: Path) -> Iterator[Path]:
    """A file beside `path` to write to, renamed at the end."""
    new = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        yield new
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def append_line(descriptor: int, line: bytes) -> None:
    """Append a whole line, with one write if the disk allows it."""
    rest = memoryview(line + b"\n")
    while rest:  # on a full disk the first write is short, without an error
        rest = rest[os.write(descriptor, rest) :]


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_files(folder: Path) -> None:
    """Make the files of a folder survive a power cut."""
    for file in folder.iterdir():
        if file.is_file():
            sync_folder(file)
    sync_folder(folder)


def staging(path: Path) -> Path:
    """An empty folder beside `path`, to fill for `swap_folder`."""
    new = path.with_name(f".{path.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    return make_folder(new)


def swap_folder(new: Path, path: Path) -> None:
    """Replace a folder with a filled one."""
    old = path.with_name(f".{path.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    sync_files(new)
    if path.exists():
        os.rename(path, old)
    os.rename(new, path)
    sync_folder(path.parent)
    shutil.rmtree(old, ignore_errors=True)


def recover_folder(path: Path) -> bool:
    """Finish an interrupted swap; whether the folder exists."""
    old = path.with_name(f".{path.name}.old")
    if not path.exists() and old.exists():
        os.rename(old, path)
    return path.exists()


def bytes_under(folder: Path) -> int:
    """The total size of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
