"""A file is replaced as a whole or stays, and nothing that lies beside it is followed or left."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from broadsheet.storage.atomic import replace_file, write_named


def test_a_link_beside_the_file_is_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine", encoding="utf-8")
    folder = tmp_path / "corrections"
    folder.mkdir()
    (folder / ".claims.csv.new").symlink_to(outside)
    replace_file(folder / "claims.csv", b"document_id\n")
    assert outside.read_text(encoding="utf-8") == "mine"
    assert [p.name for p in folder.iterdir()] == ["claims.csv"]
    assert (folder / "claims.csv").read_bytes() == b"document_id\n"


def test_what_a_killed_process_left_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".a.txt.new").write_bytes(b"hal")
    replace_file(tmp_path / "a.txt", b"half and half")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a.txt": b"half and half"}


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"a\.txt") as caught:
        replace_file(tmp_path / "a.txt", b"new")
    assert caught.value.filename == str(tmp_path / "a.txt")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a.txt": b"old"}


def _write_often(path: Path, content: bytes) -> None:
    for _ in range(10):
        replace_file(path, content)


def test_writers_of_one_file_never_mix(tmp_path: Path) -> None:
    contents = [bytes([letter]) * 200_000 for letter in b"abcd"]
    writers = [threading.Thread(target=_write_often, args=(tmp_path / "a", content)) for content in contents]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        if (tmp_path / "a").exists():
            seen.add((tmp_path / "a").read_bytes())
    for writer in writers:
        writer.join()
    assert seen | {(tmp_path / "a").read_bytes()} <= set(contents)


def test_a_named_file_behind_a_link_is_replaced_there(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_bytes(b"old")
    (tmp_path / "link.json").symlink_to("real.json")
    write_named(tmp_path / "link.json", b"new")
    assert (tmp_path / "real.json").read_bytes() == b"new"
    assert (tmp_path / "link.json").is_symlink()


def test_a_pipe_that_the_user_names_takes_the_bytes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_named(tmp_path / "pipe", b"a report")
    reader.join()
    assert found == [b"a report"]
    with pytest.raises(OSError, match="not an ordinary file"):
        replace_file(tmp_path / "pipe", b"")
