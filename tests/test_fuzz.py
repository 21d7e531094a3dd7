"""Some of the mutated inputs of `make fuzz`: every reader answers each of them, without an exception, soon."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz import run
from fuzz.attempts import Failure, attempted, input_of, names
from fuzz.readers import READERS, Reader


@pytest.mark.parametrize("name", READERS)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_reader_answers(name: str) -> None:
    reader = READERS[name]
    assert [reader.read(example) for example in reader.examples()] == [True] * len(reader.examples())
    answers = [attempted(name, number, input_of(name, run.SEED, number)) for number in range(reader.few)]
    assert [one.traceback for one in answers if isinstance(one, Failure)] == []
    assert any(answers), "no input was taken: the mutations spoil too much"
    assert not all(answers) or name == "package-table", "no input was refused: they spoil too little"


def test_an_input_is_known_by_its_number() -> None:
    assert names() == tuple(READERS)
    assert input_of("text", "1", 5) == input_of("text", "1", 5)
    assert len({input_of("text", seed, number) for seed in "12" for number in range(20)}) > 30


@pytest.mark.parametrize(("error", "kind"), [(KeyError("lost"), "KeyError"), (MemoryError(), "MemoryError")])
def test_an_exception_is_a_failure(error: Exception, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(data: bytes) -> bool:
        raise error

    monkeypatch.setitem(READERS, "text", Reader("text", lambda: [b""], (), read))
    found = attempted("text", 3, b"words")
    assert isinstance(found, Failure)
    assert (found.number, found.data) == (3, b"words")
    assert found.kind.startswith(f"{kind} in test_fuzz.py:")


def test_the_long_form_gives_a_row_a_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setattr("sys.argv", ["fuzz", "baseline", "--count", "120", "--keep", str(tmp_path)])
    assert run.main() == 0
    seed, head, row = capsys.readouterr().out.splitlines()
    assert seed == f"seed {run.SEED}, inputs 0 to 119"
    assert head.split()[:3] == ["reader", "inputs", "taken"]
    assert row.split()[:2] == ["baseline", "120"]
    assert list(tmp_path.iterdir()) == []
