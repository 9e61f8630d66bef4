"""Real servers seat their models beside embedded minds, by the commands of the README with only the address changed."""

import re
import shlex
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

import pytest

from command_line import fivepenny_run, one_object
from fivepenny.journal import SeasonFile, TapeRow
from fivepenny.minds.dialects import Dialect
from fivepenny.minds.remote import remote_mind
from house import ROOT
from servers import (
    FAMILIES,
    HOST,
    free_port,
    llama_server,
    transformers_server,
    write_gguf_model,
    write_transformers_model,
)

SEAT, DAYS = "marrow", "3"
KEY = "key-of-the-test-4817"
LLAMA = "llama.cpp"
SERVERS = (LLAMA, *FAMILIES)
ADDRESS = "openai:http://127.0.0.1:11434/v1#qwen3:0.6b"
"""What stands in the examples, and all of them that is changed here."""

Typed = Callable[[str, Path], list[str]]


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The reference of a model behind xllamacpp's server, which wants a key."""
    port = free_port()
    model = write_gguf_model(tmp_path_factory.mktemp("gguf") / "tiny.gguf", seed=1)
    with llama_server(model, port, KEY):
        yield {LLAMA: f"openai:http://{HOST}:{port}/v1#tiny:test/x"}


@pytest.fixture(scope="module")
def transformers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """References of three families behind one `transformers serve`."""
    pytest.importorskip("fastapi", reason="transformers serve needs it")
    pytest.importorskip("accelerate", reason="transformers serve needs it")
    folder, port = tmp_path_factory.mktemp("models"), free_port()
    for family in FAMILIES:
        write_transformers_model(folder / family, family)
    with transformers_server(port):
        yield {family: f"openai:http://{HOST}:{port}/v1#{folder / family}" for family in FAMILIES}


@pytest.fixture
def reference(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The reference of the model behind the server that a test names, with the key in the environment."""
    monkeypatch.setenv("FIVEPENNY_API_KEY", KEY)
    running: dict[str, str] = request.getfixturevalue("llama" if request.param == LLAMA else "transformers")
    return running[request.param]


def by_flag(reference: str, folder: Path) -> list[str]:
    """The words of the README's command, with this address in its place."""
    del folder
    command = next(line for line in readme().splitlines() if line.startswith("fivepenny play") and ADDRESS in line)
    return [word.replace(ADDRESS, reference) for word in shlex.split(command.partition(" # ")[0])[1:]]


def by_scenario(reference: str, folder: Path) -> list[str]:
    """The shipped scenario, copied, with the documented line in one seat and this address in its place."""
    documents = readme() + (ROOT / "docs" / "minds.md").read_text("utf-8")
    line = re.search(r'mind = "openai:[^"]+"', documents)
    assert line and ADDRESS in line[0]
    shipped = (resources.files("fivepenny") / "data" / "scenarios" / "south-sea.toml").read_text("utf-8")
    head = f'[[seats]]\nname = "{SEAT}"\n'
    assert shipped.count(head) == 1
    path = folder / "my.toml"
    path.write_text(shipped.replace(head, f"{head}{line[0].replace(ADDRESS, reference)}\n"), "utf-8")
    return ["play", path.name]


def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


def rows_of(path: Path) -> list[TapeRow]:
    with SeasonFile.open(path) as file:
        return list(file.tape())


@pytest.mark.parametrize("typed", [by_flag, by_scenario])
@pytest.mark.parametrize("reference", SERVERS, indirect=True)
def test_it_plays_beside_embedded_minds(tmp_path: Path, reference: str, typed: Typed) -> None:
    words = typed(reference, tmp_path)
    report = one_object(fivepenny_run(*words, "--days", DAYS, "--out", "season", "--json", cwd=tmp_path))
    path = tmp_path / "season" / "season.db"
    rows = rows_of(path)
    own = [row for row in rows if row.seat == SEAT and row.step == "moves"]
    assert len(own) >= int(DAYS)
    assert {row.mind for row in own} == {reference}
    # The server answered every turn, and told what it cost.
    assert not any(row.failure for row in rows)
    assert all(row.raw and row.completion_tokens > 0 and row.prompt_tokens > 100 for row in own)
    assert len({row.mind for row in rows if row.mind.startswith("house:")}) == len(report["seats"]) - 1
    # From its file alone it is the same season, and a sound one.
    assert one_object(fivepenny_run("replay", path, "--json", cwd=tmp_path))["digest"] == report["digest"]
    assert fivepenny_run("audit", path, cwd=tmp_path).returncode == 0
    assert KEY.encode() not in path.read_bytes()


@pytest.mark.parametrize("reference", SERVERS, indirect=True)
def test_how_it_is_asked_is_found_out(reference: str, request: pytest.FixtureRequest) -> None:
    server = request.node.callspec.params["reference"]
    mind = remote_mind(reference)
    mind.close()
    assert mind.manner.dialect is (Dialect.GRAMMAR if server == LLAMA else Dialect.NONE)
    assert mind.manner.thinking_switch
    assert mind.manner.system_role is (server != "gemma3")
    assert not mind.manner.thinks
