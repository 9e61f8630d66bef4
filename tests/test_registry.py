"""Schemes and their factories: our own, and those of plug-ins, sound and broken."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import LIMIT_SECONDS, environment
from fivepenny.errors import FivepennyError, MissingPart, UnknownMind, WrongUse
from fivepenny.minds.registry import BUILT_IN, RESERVED, forms, open_mind, plug_in_faults

PLUG_IN = Path(__file__).parent / "plugin"
SOUND = """
from fivepenny.minds.scripted import ScriptedMind
def make(reference):
    return ScriptedMind([reference])
"""

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Lay a package with one module and one entry point into this process's path."""

    def lay(scheme: str, source: str = SOUND, value: str = "", package: str = "somebodys-minds") -> None:
        folder = tmp_path / package
        module = package.replace("-", "_")
        (folder / f"{module}-1.0.dist-info").mkdir(parents=True)
        (folder / f"{module}.py").write_text(source)
        (folder / f"{module}-1.0.dist-info" / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n"
        )
        (folder / f"{module}-1.0.dist-info" / "entry_points.txt").write_text(
            f"[fivepenny.minds]\n{scheme} = {value or f'{module}:make'}\n"
        )
        monkeypatch.syspath_prepend(str(folder))
        monkeypatch.delitem(sys.modules, module, raising=False)

    return lay


def refusal(reference: str) -> FivepennyError:
    """What opening this raises; one line, whatever it is."""
    with pytest.raises(FivepennyError) as caught:
        open_mind(reference)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("reference", ["", "marrow", "house:", "house:Marrow", "gguf:", "echo:x", "a\nb", "touring:x"])
def test_a_reference_that_names_nothing_is_unknown(reference: str) -> None:
    assert isinstance(refusal(reference), UnknownMind)


def test_an_unknown_reference_shows_every_form() -> None:
    message = str(refusal("marrow"))
    for scheme in BUILT_IN:
        assert f"{scheme}:" in message
    assert all(form in message for form in forms())


def test_a_file_that_is_not_there_is_a_missing_part(tmp_path: Path) -> None:
    assert isinstance(refusal(f"gguf:{tmp_path / 'none.gguf'}"), MissingPart)


def test_a_plug_in_opens_its_minds(install: Install) -> None:
    install("echo")
    assert "echo:…" in forms()
    assert plug_in_faults() == ()
    mind = open_mind("echo:some:thing")
    assert mind.count_tokens("a b", "c") == 3
    assert isinstance(refusal("ech:o"), UnknownMind)


@pytest.mark.parametrize("scheme", sorted({*BUILT_IN, *RESERVED}))
def test_a_plug_in_cannot_take_a_scheme_of_ours(install: Install, scheme: str) -> None:
    install(scheme)
    (fault,) = plug_in_faults()
    assert "somebodys-minds" in fault
    assert scheme in fault
    assert f"{scheme}:…" not in forms()
    assert "somebodys-minds" not in str(refusal(f"{scheme}:no/such thing"))


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("raise RuntimeError('first line\\nsecond line')", "RuntimeError: first line second line"),
        ("import no_such_library", "no_such_library"),
        ("make = (", "SyntaxError"),
        ("other = 1", "AttributeError"),
        ("make = 7", "TypeError"),
        ("def make(reference): raise KeyError('token')", "KeyError: 'token'"),
        ("def make(reference): return object()", "lacks card, count_tokens, complete, close"),
    ],
)
def test_a_broken_plug_in_is_named_in_one_line(install: Install, source: str, why: str) -> None:
    install("echo", source)
    error = refusal("echo:x")
    assert isinstance(error, WrongUse)
    assert "plug-in 'echo' of somebodys-minds" in str(error)
    assert why in str(error)


def test_a_plug_ins_own_refusal_comes_through(install: Install) -> None:
    install("echo", "from fivepenny.errors import MissingPart\ndef make(r): raise MissingPart('no token; set it')")
    error = refusal("echo:x")
    assert isinstance(error, MissingPart)
    assert str(error) == "no token; set it"


def test_two_plug_ins_of_one_scheme_are_both_refused(install: Install) -> None:
    install("echo", package="first-minds")
    install("echo", package="second-minds")
    assert len(plug_in_faults()) == 2
    assert "first-minds" in str(refusal("echo:x"))


def test_a_scheme_that_nobody_can_write_is_a_fault(install: Install) -> None:
    install("E cho")
    assert "no scheme" in plug_in_faults()[0]


def test_a_broken_plug_in_harms_nobody_else(install: Install, models_path: Path) -> None:
    install("echo", "raise RuntimeError")
    open_mind(f"gguf:{models_path / 'quill.gguf'}").close()


@pytest.fixture(scope="module")
def with_plug_in(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A child's environment in which pip has installed the example plug-in, into a folder of its own."""
    folder = tmp_path_factory.mktemp("plug-in")
    shutil.copytree(PLUG_IN, folder / "source", ignore=shutil.ignore_patterns("__pycache__"))  # a build litters
    options = ["--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(folder / "site"), "./source"]
    made = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=LIMIT_SECONDS)
    assert made.returncode == 0, made.stderr
    variables = environment()
    return variables | {"PYTHONPATH": os.pathsep.join([str(folder / "site"), variables["PYTHONPATH"]])}


def test_the_example_plug_in_plays_a_season(with_plug_in: dict[str, str], tmp_path: Path) -> None:
    words = ["play", "--company", "understudies", "--days", "4", "--seat", "quill=lots:Fortuna", "--json"]
    child = subprocess.run(
        [sys.executable, "-m", "fivepenny", *words],
        env=with_plug_in,
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=LIMIT_SECONDS,
    )
    assert (child.returncode, child.stderr) == (0, "")
    report = json.loads(child.stdout)
    assert report["seats"]["quill"]["mind"] == "lots:Fortuna"
    assert report["seats"]["quill"]["family"] == "lots"
    assert report["calls"] > 0
    assert report["understudy_turns"] == 0


def test_the_example_is_one_short_file_and_one_line() -> None:
    (backend,) = PLUG_IN.glob("*.py")
    assert len(backend.read_text("utf-8").splitlines()) < 150
    lines = (PLUG_IN / "pyproject.toml").read_text("utf-8").partition('"fivepenny.minds"]\n')[2].split("\n\n")[0]
    assert len(lines.splitlines()) == 1
