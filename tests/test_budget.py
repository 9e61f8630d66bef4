"""A season's budget: never passed in tokens and money, whatever the calls cost, and spent in a stated order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.company.budget import LARGER_PERCENT, SPENT, Spending, parse_budget
from fivepenny.errors import WrongUse
from fivepenny.header import Budget
from fivepenny.minds.meter import FREE, NANODOLLARS, Price

PRICE = Price(100, 10, 400)
CALLS = st.lists(
    st.tuples(st.integers(1, 500), st.floats(0, 1), st.booleans(), st.booleans()), min_size=1, max_size=60
)  # most tokens, share used, larger, the last of its round


@given(st.integers(1, 5000), st.integers(1, 10**6), CALLS)
def test_tokens_and_money_never_pass_the_budget(
    tokens: int, nanodollars: int, calls: list[tuple[int, float, bool, bool]]
) -> None:
    spending = Spending(Budget(tokens=tokens, nanodollars=nanodollars))
    out: list[tuple[int, float]] = []
    for most, share, larger, last in calls:
        if not spending.promise(most, PRICE, LARGER_PERCENT if larger else 100):
            out.append((most, share))
        if last:
            for promised, used in out:
                prompt = int(promised * used)
                spending.add(prompt, 0.0, PRICE.cost_nanodollars(prompt // 2, 0, prompt - prompt // 2))
            spending.settle()
            out = []
        assert spending.tokens <= tokens
        assert spending.nanodollars <= nanodollars


def test_what_is_promised_counts_until_it_is_settled() -> None:
    spending = Spending(Budget(tokens=100))
    assert spending.promise(60, FREE) == ""
    assert spending.promise(60, FREE).startswith(SPENT)
    spending.settle()
    spending.add(20, 0.0, 0)
    assert spending.promise(60, FREE) == ""


def test_the_larger_mind_is_dropped_first_and_an_understudy_never() -> None:
    spending = Spending(Budget(tokens=1000), tokens=LARGER_PERCENT * 10)
    assert spending.promise(10, FREE, LARGER_PERCENT).startswith(SPENT)
    assert spending.promise(10, FREE) == ""
    spending.add(1000, 0.0, 0)
    assert spending.promise(0, FREE) == ""


def test_seconds_are_counted_when_they_are_over() -> None:
    spending = Spending(Budget(seconds=2.0))
    assert spending.promise(10, FREE) == ""
    spending.add(0, 2.5, 0)
    assert spending.promise(10, FREE) == f"{SPENT}: seconds"


def test_what_is_free_needs_no_money_and_what_has_no_price_gets_none() -> None:
    spending = Spending(Budget(nanodollars=100), nanodollars=100)
    assert spending.promise(10, FREE) == ""
    assert spending.promise(10, None) == f"{SPENT}: no price is known"
    assert spending.promise(1, PRICE) == f"{SPENT}: dollars"
    assert Spending().promise(10**9, None) == ""


def test_a_budget_as_it_is_typed() -> None:
    assert parse_budget(["tokens=200_000", "dollars=0.50"]) == Budget(tokens=200_000, nanodollars=NANODOLLARS // 2)
    assert parse_budget(["seconds=1.5"]) == Budget(seconds=1.5)
    assert parse_budget([]) == Budget()


@pytest.mark.parametrize(
    "pairs", [["tokens"], ["tokens="], ["tokens=0"], ["tokens=0.5"],
              ["dollars=0"], ["tokens=-4"], ["coins=3"], ["dollars=nan"], ["dollars=inf"],
              ["tokens=1", "tokens=2"], ["seconds=x"]]
)  # fmt: skip
def test_what_is_no_budget_is_one_line(pairs: list[str]) -> None:
    with pytest.raises(WrongUse, match="--budget") as error:
        parse_budget(pairs)
    assert "\n" not in str(error.value)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**5))
def test_a_token_out_of_a_cache_costs_the_cached_price(prompt: int, cached: int, reply: int) -> None:
    cached = min(cached, prompt)
    assert PRICE.cost_nanodollars(prompt, cached, reply) == (prompt - cached) * 100 + cached * 10 + reply * 400
    assert FREE.cost_nanodollars(prompt, cached, reply) == 0
