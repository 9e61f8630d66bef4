"""Who sits where: the command line counts before the company, that before the scenario, that before the house."""

from pathlib import Path

import pytest

from command_line import fivepenny_run, one_object
from fivepenny.company.cast import cast_references
from fivepenny.errors import UnknownMind, WrongUse
from fivepenny.header import Header
from fivepenny.scenario import Scenario, load_scenario

SCENARIO, CHRONICLE = load_scenario("south-sea")
KEY = "me:secret"


def with_mind(reference: str) -> Scenario:
    """The scenario with a mind of its own in Marrow's seat."""
    seats = tuple(
        seat.model_copy(update={"mind": reference}) if seat.name == "marrow" else seat for seat in SCENARIO.seats
    )
    return SCENARIO.model_copy(update={"seats": seats})


def test_the_nearest_word_counts() -> None:
    own = with_mind("understudy:brock")
    assert cast_references(None, [], SCENARIO)["marrow"] == "house:marrow"
    assert cast_references(None, [], own)["marrow"] == "understudy:brock"
    assert cast_references(None, [], own)["quill"] == "house:quill"
    assert cast_references("null", [], own)["marrow"] == "null"
    assert cast_references("null", ["marrow=house:tansy"], own)["marrow"] == "house:tansy"


def test_a_catalogue_name_is_kept_as_the_file_it_stands_for() -> None:
    kept = cast_references(None, ["quill=touring:qwen3-0.6b"], with_mind("touring:qwen3-0.6b"))
    assert kept["quill"] == kept["marrow"] and kept["quill"].startswith("hf://")


@pytest.mark.parametrize("reference", ["openai:http://" + KEY + "@127.0.0.1/v1#m", "openai:nowhere"])
def test_a_key_in_an_address_is_refused_wherever_it_stands(reference: str) -> None:
    for pairs, scenario in (([f"marrow={reference}"], SCENARIO), ([], with_mind(reference))):
        with pytest.raises(WrongUse) as error:
            cast_references(None, pairs, scenario)
        assert KEY not in str(error.value)


@pytest.mark.parametrize("pair", ["marrow", "marrow=", "nobody=null"])
def test_a_pair_that_says_nothing_is_wrong_use(pair: str) -> None:
    with pytest.raises(WrongUse):
        cast_references(None, [pair], SCENARIO)


def test_an_unknown_company_names_those_there_are() -> None:
    with pytest.raises(UnknownMind, match=r"house.*understudies.*null.*pocket.*road"):
        cast_references("circus", [], SCENARIO)


def test_who_plays_is_not_in_the_root_of_the_digest() -> None:
    roots = {Header(1, 5, scenario, CHRONICLE, {}).root_hash() for scenario in (SCENARIO, with_mind("gguf:/a/b.gguf"))}
    assert len(roots) == 1


def test_one_line_of_toml_seats_a_mind(tmp_path: Path) -> None:
    text = Path(__file__).parents[1].joinpath("src/fivepenny/data/scenarios/south-sea.toml").read_text("utf-8")
    mine = text.replace('first_name = "Hester"\n', 'first_name = "Hester"\nmind = "understudy:vesper"\n')
    (tmp_path / "mine.toml").write_text(mine, encoding="utf-8")
    words = ("play", "mine.toml", "--days", "1", "--json", "--out", "s", "--seat", "quill=null")
    report = one_object(fivepenny_run(*words, cwd=tmp_path))
    minds = {seat: row["mind"] for seat, row in report["seats"].items()}
    assert (minds["marrow"], minds["quill"], minds["brock"]) == ("understudy:vesper", "null", "house:brock")
