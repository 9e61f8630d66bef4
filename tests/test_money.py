"""Money: what is written can be read back, and nothing is lost in sharing."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.money import format_pence, parse_pence, split_pence


@pytest.mark.parametrize(
    ("amount_pence", "text"),
    [
        (2345, "£9 15s 5d"),
        (0, "0d"),
        (1, "1d"),
        (12, "1s"),
        (239, "19s 11d"),
        (240, "£1"),
        (245, "£1 5d"),
        (-245, "-£1 5d"),
        (-1, "-1d"),
    ],
)
def test_amounts_are_written_and_read_the_one_way(amount_pence: int, text: str) -> None:
    assert format_pence(amount_pence) == text
    assert parse_pence(text) == amount_pence


@given(st.integers(-(10**15), 10**15))
def test_any_amount_can_be_read_back(amount_pence: int) -> None:
    assert parse_pence(format_pence(amount_pence)) == amount_pence


@pytest.mark.parametrize(("text", "amount_pence"), [("30s", 360), ("25d", 25), ("£0", 0), (" 3s2d ", 38)])
def test_other_clear_ways_of_writing_are_read(text: str, amount_pence: int) -> None:
    assert parse_pence(text) == amount_pence


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not an amount"),
        ("-", "not an amount"),
        ("12", "not an amount"),
        ("£1.50", "not an amount"),
        ("5d 1s", "not an amount"),
        ("£-3", "not an amount"),
        ("1s 1s", "not an amount"),
        ("٣d", "not an amount"),
        ("£" + "9" * 5000, "not an amount"),
        ("£1 20s", "20 shillings"),
        ("1s 12d", "12 pence"),
        ("£1 12d", "12 pence"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_reason(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_pence(text)


def test_shares_follow_the_largest_remainders() -> None:
    assert split_pence(10, (1, 1, 1)) == (4, 3, 3)
    assert split_pence(100, (3, 2, 2)) == (43, 29, 28)
    assert split_pence(7, (5, 0, 1)) == (6, 0, 1)
    assert split_pence(-10, (1, 1, 1)) == (-4, -3, -3)


@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any),
)
def test_shares_sum_to_the_total_and_stay_within_a_penny(total: int, weights: list[int]) -> None:
    shares = split_pence(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total * weight, sum(weights))) < 1


@pytest.mark.parametrize("weights", [(), (0, 0), (3, -1)])
def test_weights_that_share_nothing_are_refused(weights: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split_pence(5, weights)
