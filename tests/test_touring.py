"""The catalogue of touring models: its rows, its companies, and what is refused in it."""

import re
from pathlib import Path

import gguf
import pytest

from fivepenny.errors import MissingPart, UnknownMind, WrongUse
from fivepenny.minds import hub, touring
from fivepenny.minds.mind import Request, Task, Wording
from fivepenny.minds.scripted import ScriptedMind
from fivepenny.minds.touring import (
    CataloguedMind,
    Outputs,
    catalogue,
    own_path,
    read_catalogue,
    shipped_catalogue,
    touring_company,
)

SEATS = ("marrow", "quill", "vesper", "brock", "tansy")
EMPTY = {"parameters": 0, "context_tokens": 0, "size_bytes": 0, "outputs": Outputs.UNKNOWN}
# Bytes a parameter: from four bits, the embeddings apart, to eight and a half bits.
LEAST_SHARE, MOST_SHARE = 0.4, 1.15

ENTRY = """
[companies]
both = ["one"]

[[models]]
name = "one"
title = "One"
lab = "A Lab"
family = "llama"
parameters = 1
licence = "MIT"
outputs = "yes"
context_tokens = 1
reference = "hf://a/b/c.gguf"
quantisation = "Q8_0"
size_bytes = 1
quirks = ["harmony"]
"""


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's own catalogue may stand; there is none yet, whatever the reader of this has at home."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    own_path().parent.mkdir(parents=True)
    return own_path()


def test_at_least_twelve_models_of_eight_labs() -> None:
    assert len(catalogue().models) >= 12
    assert len({model.lab for model in catalogue().models}) >= 8


def test_the_companies_of_the_design_tour() -> None:
    families = {
        name: [found.family for member in members if (found := catalogue().find(member))]
        for name, members in catalogue().companies.items()
    }
    assert families == {
        "pocket": ["llama", "gemma3", "qwen3", "granite", "lfm2"],
        "road": ["gpt-oss", "minicpm3", "nemotron", "smollm3", "qwen2"],
    }


@pytest.mark.parametrize("model", shipped_catalogue().models, ids=lambda model: model.name)
def test_what_an_entry_leaves_open_it_says(model: touring.TouringModel) -> None:
    named = {line.partition(":")[0] for line in model.unverified}
    fields = set(type(model).__dataclass_fields__)
    assert named <= fields
    assert {name for name, empty in EMPTY.items() if getattr(model, name) == empty} <= named
    assert bool(model.outputs_source) is (model.outputs is not Outputs.UNKNOWN)


@pytest.mark.parametrize("model", shipped_catalogue().models, ids=lambda model: model.name)
def test_an_entry_can_be_true(model: touring.TouringModel) -> None:
    assert model.family in gguf.MODEL_ARCH_NAMES.values()
    assert LEAST_SHARE < model.size_bytes / model.parameters < MOST_SHARE
    assert re.search(model.quantisation, model.reference, re.IGNORECASE)


def test_no_host_stands_in_the_catalogue_but_those_that_have_a_price() -> None:
    text = (Path(touring.__file__).parents[1] / "data" / touring.CATALOGUE).read_text("utf-8")
    assert set(re.findall(r"(\w+)://", text)) == {"hf"}
    rest = re.sub(r'^host = "[a-z0-9.]+"$', "", text, flags=re.MULTILINE)
    assert not re.search(r"\w\.(?:co|com|org|ai|io|net)\b", rest)


def test_a_company_seats_everyone() -> None:
    cast = touring_company("pocket", SEATS)
    assert tuple(cast) == SEATS
    assert len(set(cast.values())) == len(SEATS)
    assert all(hub.is_hub(reference) for reference in cast.values())
    more = touring_company("pocket", (*SEATS, "sixth"))
    assert more["sixth"] == more["marrow"]


def test_an_unknown_company_or_model_lists_what_there_is() -> None:
    with pytest.raises(UnknownMind, match="pocket, road"):
        touring_company("circus", SEATS)
    with pytest.raises(UnknownMind, match=r"qwen3-0\.6b"):
        touring.resolve("touring:qwen3")
    with pytest.raises(UnknownMind, match="cannot be pulled"):
        touring.pull_model("house:quill")


def test_a_short_name_stands_for_its_file() -> None:
    reference = touring.resolve("touring:qwen3-0.6b")
    assert reference == "hf://Qwen/Qwen3-0.6B-GGUF/Qwen3-0.6B-Q8_0.gguf"
    assert touring.resolve(reference) == reference
    assert touring.resolve("house:quill") == "house:quill"
    assert touring.model_of("touring:qwen3-0.6b") is touring.model_of(reference) is catalogue().find("qwen3-0.6b")
    assert touring.model_of("gguf:qwen3-0.6b") is None


def test_the_list_tells_what_has_been_pulled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert [row.model for row in touring.list_touring()] == list(catalogue().models)
    assert not any(row.pulled for row in touring.list_touring())
    model, file = catalogue().models[0], tmp_path / "file.gguf"
    wanted = ["house:quill", "touring:qwen3-0.6b", model.reference, touring.resolve("touring:qwen3-0.6b")]
    assert touring.unpulled(wanted) == (touring.resolve("touring:qwen3-0.6b"), model.reference)
    file.write_bytes(b"1234")
    record = hub.record_path(hub.parse(model.reference))
    record.parent.mkdir(parents=True)
    record.write_text(f'{{"sha256": "", "size_bytes": 4, "path": "{file}"}}')
    assert [row.model.name for row in touring.list_touring() if row.pulled] == [model.name]
    assert [row.state for row in touring.list_touring()][:2] == ["pulled", "not pulled"]
    assert touring.unpulled(wanted) == (touring.resolve("touring:qwen3-0.6b"),)
    file.write_bytes(b"123")
    assert not any(row.pulled for row in touring.list_touring())


def test_a_catalogued_mind_is_the_mind_under_another_name() -> None:
    model = catalogue().models[0]
    inner = ScriptedMind(["yes"])
    mind = CataloguedMind(inner, model)
    assert (mind.card.name, mind.card.lab) == (model.title, model.lab)
    assert (mind.card.family, mind.card.wording) == (inner.card.family, inner.card.wording)
    request = Request(Task.REPLY, "a", "b", 1, None, 1, 0.0)
    assert mind.complete(request).text == "yes"
    assert inner.requests == (request,)
    assert mind.count_tokens("a b", "c") == inner.count_tokens("a b", "c")
    assert mind.card.wording in Wording


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('licence = "MIT"', "", r"models\.0\.licence"),
        ('licence = "MIT"', 'licence = ""', r"models\.0\.licence"),
        ("size_bytes = 1", "size_bytes = -1", r"models\.0\.size_bytes"),
        ("parameters = 1", 'parameters = "1"', r"models\.0\.parameters"),
        ('outputs = "yes"', 'outputs = "perhaps"', r"models\.0\.outputs"),
        ('quirks = ["harmony"]', 'quirks = ["moody"]', r"models\.0\.quirks"),
        ('quirks = ["harmony"]', "price = 3", r"models\.0\.price"),
        ('["one"]', '["two"]', "both"),
        ('["one"]', "[]", "both"),
        ('name = "one"', 'name = "One Two"', "One Two"),
        ("hf://a/b/c.gguf", "https://a/b/c.gguf", "https"),
        ("[companies]", "[companies", "not TOML"),
        ("[companies]", "[firms]", "firms"),
        ("both =", "house =", "company house"),
    ],
)
def test_a_malformed_entry_is_one_line(tmp_path: Path, old: str, new: str, place: str) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(ENTRY)
    assert read_catalogue(path).models[0].name == "one"
    assert old in ENTRY
    path.write_text(ENTRY.replace(old, new))
    with pytest.raises(WrongUse, match=place) as caught:
        read_catalogue(path)
    assert "\n" not in str(caught.value)


def test_the_readers_own_rows_stand_after_ours_and_win_by_name(own: Path) -> None:
    shipped = shipped_catalogue()
    assert catalogue() is shipped
    own.write_text(ENTRY.replace('["one"]', '["one", "qwen3-0.6b"]'))
    assert [model.name for model in catalogue().models] == [*(model.name for model in shipped.models), "one"]
    assert touring.resolve("touring:one") == "hf://a/b/c.gguf"
    assert touring.company_names() == ("pocket", "road", "both")
    assert set(touring_company("both", SEATS).values()) == {"hf://a/b/c.gguf", touring.resolve("touring:qwen3-0.6b")}
    own.write_text(ENTRY.replace('"one"', '"qwen3-0.6b"').replace("both", "pocket"))
    assert touring.resolve("touring:qwen3-0.6b") == "hf://a/b/c.gguf"
    assert set(touring_company("pocket", SEATS).values()) == {"hf://a/b/c.gguf"}
    assert len(catalogue().models) == len(shipped.models)
    own.unlink()
    assert catalogue() is shipped


def test_an_own_catalogue_is_read_below_the_home_folder_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for chosen in ("", "not/absolute"):
        monkeypatch.setenv("XDG_CONFIG_HOME", chosen)
        assert own_path() == tmp_path / "home" / ".config" / "fivepenny" / "catalogue.toml"
    own_path().parent.mkdir(parents=True)
    own_path().write_text(ENTRY)
    assert catalogue().find("one") is not None


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"[companies", "not TOML"),
        (b"\xff\xfe", "not UTF-8"),
        (b'[companies]\nmine = ["nobody"]\n', "nobody"),
        (b'[companies]\nnull = ["qwen3-0.6b"]\n', "company null"),
        (b'[[models]]\nname = "x"\n', r"models\.0\.title"),
        (b"[[prizes]]\n", "prizes"),
    ],
)
def test_a_malformed_own_catalogue_is_one_line_with_its_place(own: Path, content: bytes, place: str) -> None:
    own.write_bytes(content)
    with pytest.raises(WrongUse, match=place) as caught:
        catalogue()
    assert "\n" not in str(caught.value)
    assert str(own) in str(caught.value)


def test_an_own_catalogue_that_cannot_be_read_is_a_missing_part(own: Path) -> None:
    own.mkdir()
    with pytest.raises(MissingPart) as caught:
        catalogue()
    assert str(own) in str(caught.value)


def test_a_name_stands_once_and_a_catalogue_has_to_be_there(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(ENTRY + ENTRY.partition("[[models]]")[1] + ENTRY.partition("[[models]]")[2])
    with pytest.raises(WrongUse, match="stands twice"):
        read_catalogue(path)
    with pytest.raises(MissingPart):
        read_catalogue(tmp_path / "none.toml")
