"""What asking a mind costs: free here, the catalogue's price elsewhere, and nothing guessed."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.errors import UnknownMind, WrongUse
from fivepenny.minds import touring
from fivepenny.minds.meter import FREE, Price
from fivepenny.minds.prices import is_loopback, price_of
from fivepenny.minds.touring import own_path, shipped_catalogue

ROW = """
[[prices]]
host = "{host}"
model = "{model}"
prompt_dollars = {dollars}
completion_dollars = 2
as_of = 2026-01-31
source = "a bill"
"""


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's own catalogue may stand; there is none yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    own_path().parent.mkdir()
    return own_path()


def row(host: str = "api.example.com", model: str = "m", dollars: str = "0.5") -> str:
    return ROW.format(host=host, model=model, dollars=dollars)


@pytest.mark.parametrize(
    "reference",
    [
        "house:quill",
        "gguf:model.gguf",
        "hf://a/b/c.gguf",
        "touring:qwen3-0.6b",
        "understudy:marrow",
        "null",
        "human",
        "openai:http://127.0.0.1:11434/v1#qwen3:0.6b",
        "openai:http://127.8.0.1/v1#m",
        "openai:http://localhost:8000/v1#m",
        "openai:http://LocalHost:8000/v1#m",
        "openai:http://[::1]:8000/v1#m",
    ],
)
def test_what_runs_on_this_machine_is_free(reference: str) -> None:
    assert price_of(reference) is FREE


@pytest.mark.parametrize(
    "reference",
    [
        "openai:https://api.example.com/v1#m",
        "openai:http://192.168.0.9:8000/v1#m",
        "openai:https://localhost.example.com/v1#m",
        "openai:https://127.0.0.1.example.com/v1#m",
        "openai:https://api.groq.com/openai/v1#no-such-model",
        "openai:https://evil.example/api.groq.com#llama-3.1-8b-instant",
        "lots:Fortuna",
        "",
    ],
)
def test_what_nobody_knows_is_not_guessed(reference: str) -> None:
    assert price_of(reference) is None


def test_a_hosted_model_costs_what_the_catalogue_says() -> None:
    found = price_of("openai:https://api.groq.com/openai/v1#llama-3.1-8b-instant")
    assert found == Price(50, 50, 80)
    assert price_of("openai:https://API.GROQ.com:443/openai/v1/#llama-3.1-8b-instant") == found
    assert found.cost_nanodollars(1_000_000, 0, 1_000_000) == 130_000_000


@pytest.mark.parametrize("shipped", shipped_catalogue().prices, ids=lambda row: f"{row.host} {row.model}")
def test_a_shipped_price_can_be_true(shipped: touring.PriceRow) -> None:
    assert 0 < shipped.prompt_dollars <= shipped.completion_dollars < 10
    assert shipped.cached_dollars is None or 0 < shipped.cached_dollars < shipped.prompt_dollars
    assert 2025 <= shipped.as_of.year <= 2026
    assert price_of(f"openai:https://{shipped.host}/v1#{shipped.model}") is not None
    assert not is_loopback(shipped.host)


def test_the_readers_own_price_counts_before_ours(own: Path) -> None:
    reference = "openai:https://api.groq.com/openai/v1#llama-3.1-8b-instant"
    own.write_text(row("api.groq.com", "llama-3.1-8b-instant", "3") + row())
    assert price_of(reference) == Price(3000, 3000, 2000)
    assert price_of("openai:https://api.example.com/v1#m") == Price(500, 500, 2000)
    assert price_of("openai:https://api.groq.com/openai/v1#openai/gpt-oss-20b") == Price(75, 38, 300)
    own.write_text(row("127.0.0.1"))  # a server here that passes requests on to somebody who is paid
    assert price_of("openai:http://127.0.0.1:4000/v1#m") == Price(500, 500, 2000)
    assert price_of("openai:http://127.0.0.1:4000/v1#other") is FREE


@given(thousandths=st.integers(0, 200_000), more=st.integers(0, 999))
def test_a_price_is_rounded_up_by_less_than_a_billionth_a_token(thousandths: int, more: int) -> None:
    dollars = Decimal(thousandths) / 1000 + Decimal(more) / 1_000_000
    found = touring.PriceRow("a", "m", dollars, dollars, shipped_catalogue().prices[0].as_of, "s")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fivepenny.minds.prices.catalogue", lambda: touring.Catalogue(prices=(found,)))
        price = price_of("openai:http://a/v1#m")
    assert price is not None
    assert 0 <= price.prompt_nanodollars - dollars * 1000 < 1


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (row(dollars="-1"), r"prices\.0\.prompt_dollars"),
        (row(dollars='"1"').replace('"1"', '"dear"'), r"prices\.0\.prompt_dollars"),
        (row(dollars="inf"), r"prices\.0\.prompt_dollars"),
        (row(dollars="nan"), r"prices\.0\.prompt_dollars"),
        (row(host="https://api.example.com"), r"prices\.0\.host"),
        (row(host="api.example.com:443"), r"prices\.0\.host"),
        (row(host="API.example.com"), r"prices\.0\.host"),
        (row().replace("2026-01-31", '"lately"'), r"prices\.0\.as_of"),
        (row().replace('source = "a bill"', ""), r"prices\.0\.source"),
        (row() + "discount = 3\n", r"prices\.0\.discount"),
        (row() + row(dollars="3"), "stands twice"),
    ],
)
def test_a_malformed_price_is_one_line_with_its_place(own: Path, text: str, place: str) -> None:
    own.write_text(text)
    with pytest.raises(WrongUse, match=place) as caught:
        price_of("openai:https://api.example.com/v1#m")
    assert "\n" not in str(caught.value)
    assert str(own) in str(caught.value)


def test_a_malformed_address_is_refused() -> None:
    with pytest.raises(UnknownMind):
        price_of("openai:nowhere")
