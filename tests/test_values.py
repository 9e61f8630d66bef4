"""Values: equal and hashed by their fields, slotted, and frozen, which is the type checker's work."""

import inspect
from pathlib import Path

import pytest
from mypy import api

import fivepenny
from fivepenny.values import value


@value(kw_only=True)
class Size:
    """A value of this test's own."""

    units: int
    limit_pence: int = 1


def test_a_value_is_told_by_its_fields_and_holds_no_others() -> None:
    assert Size(units=2) == Size(units=2, limit_pence=1) != Size(units=3)
    assert len({Size(units=2), Size(units=2)}) == 1
    assert repr(Size(units=2)) == "Size(units=2, limit_pence=1)"
    assert not hasattr(Size(units=2), "__dict__")


def test_the_type_checker_refuses_to_change_a_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "changing.py"
    head, use = "from fivepenny.values import value\n", "size = Size(units=2)\nsize.units = 3\n"
    module.write_text(f"{head}\n\n{inspect.getsource(Size)}\n\n{use}", encoding="utf-8")
    monkeypatch.setenv("MYPYPATH", str(Path(fivepenny.__file__).parents[1]))
    told, broken, _ = api.run(["--strict", "--config-file=", f"--cache-dir={tmp_path}", str(module)])
    assert 'Property "units" defined in "Size" is read-only' in told, told + broken
    assert told.count("error:") == 1
