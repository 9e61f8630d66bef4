"""The public surface of the package: what `__all__` promises is there, is documented, and nothing else is.

It knows the package from outside only.
"""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import fivepenny

ROOT = Path(__file__).resolve().parents[1]

HEAVY = {"gradio", "numpy", "tokenizers", "torch", "transformers", "xllamacpp"}
"""Libraries that an import of the package must not load: they cost seconds, and not every machine has them."""


def public_names(source: str) -> set[str]:
    """Names without an underscore that a module binds at its top, submodules of its own package aside.

    Read from the text, because importing a submodule anywhere binds its name in the package.
    """
    bound: set[str] = set()
    for node in ast.parse(source).body:
        match node:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                bound |= {alias.asname or alias.name.partition(".")[0] for alias in names}
            case ast.Assign(targets=targets):
                bound |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
    return {name for name in bound if not name.startswith("_")}


def test_the_names_are_sorted_and_single() -> None:
    assert list(fivepenny.__all__) == sorted(set(fivepenny.__all__))


@pytest.mark.parametrize("name", fivepenny.__all__)
def test_a_name_is_there_and_documented(name: str) -> None:
    value = getattr(fivepenny, name)
    assert not isinstance(value, ModuleType), f"{name} is a module: name what is in it"
    if inspect.isclass(value) or inspect.isfunction(value):
        assert value.__module__.partition(".")[0] == "fivepenny", f"{name} belongs to {value.__module__}"
        assert (value.__doc__ or "").strip(), f"{name} has no docstring"


def test_nothing_else_leaks() -> None:
    assert public_names(inspect.getsource(fivepenny)) <= set(fivepenny.__all__)


def test_a_leak_would_be_found() -> None:
    source = "import os\nfrom a import b as c, _d\nE: int = 1\nF = 2\n__version__ = '1'\ndef g(): ...\nclass H: ..."
    assert public_names(source) == {"os", "c", "E", "F", "g", "H"}


def test_the_version_is_written_once() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", fivepenny.__version__)
    assert "version" in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dynamic"]


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(fivepenny.__file__).parent / "py.typed").is_file()


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, fivepenny; print(' '.join(sorted({name.partition('.')[0] for name in sys.modules})))"
    source = Path(fivepenny.__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(source)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(run.stdout.split())
    assert "fivepenny" in loaded
    assert not loaded & HEAVY
