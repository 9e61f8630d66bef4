"""Money: what is written can be read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.money import format_pence
from pence import read_pence


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
    assert read_pence(text) == amount_pence


@given(st.integers(-(10**15), 10**15))
def test_any_amount_can_be_read_back(amount_pence: int) -> None:
    assert read_pence(format_pence(amount_pence)) == amount_pence
