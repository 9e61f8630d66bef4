"""Chronicles: what is read, what is refused with its line, and how dates fall onto days."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.chronicle import Chronicle, Effect, RowKind, parse_chronicle, read_chronicle
from fivepenny.errors import ChronicleError
from fivepenny.scenario import load_scenario

HEAD = "date,asset,kind,effect,told,headline,price,unit,source"
ROW = "1720-06-02,southsea,panic,up,yes,A rush of buyers,890,pounds,Hone"


def test_a_row_is_read_whole() -> None:
    row = parse_chronicle(f"{HEAD}\n{ROW}", "x.csv").rows[0]
    assert (row.date, row.asset, row.kind) == (datetime.date(1720, 6, 2), "southsea", RowKind.PANIC)
    assert (row.effect, row.told, row.price, row.unit) == (Effect.UP, True, 890.0, "pounds")


def test_effect_and_told_may_be_missing() -> None:
    text = "date,asset,kind,headline,price,unit,source\n1907-10-14,copper,news,Something,,,s"
    row = parse_chronicle(text, "x.csv").rows[0]
    assert (row.effect, row.told, row.price) == (Effect.NONE, True, None)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (ROW.replace("1720-06-02", "June 1720"), "date"),
        (ROW.replace("panic", "riot"), "kind"),
        (ROW.replace(",up,", ",sideways,"), "effect"),
        (ROW.replace(",yes,", ",perhaps,"), "told"),
        (ROW.replace("890", "dear"), "price"),
        (ROW.replace("890", "-3"), "price"),
        (ROW.replace("southsea", "South Sea"), "asset"),
        (ROW.replace("A rush of buyers", "x" * 141), "headline"),
        (ROW.replace("A rush of buyers", "a\x1b[31m"), "headline"),
        (ROW.replace("A rush of buyers", ""), "headline"),
        (ROW + ",more", "cells"),
        ("1720-06-02,southsea", "cells"),
    ],
)
def test_a_bad_row_is_named_with_its_line(row: str, word: str) -> None:
    with pytest.raises(ChronicleError) as error:
        parse_chronicle(f"{HEAD}\n{ROW}\n{row}", "x.csv")
    assert "line 3" in str(error.value) and word in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["", "date,asset\n", HEAD, f"{HEAD}\n{ROW}\n{ROW.replace('1720', '1719')}"])
def test_a_bad_file_is_refused(text: str) -> None:
    with pytest.raises(ChronicleError):
        parse_chronicle(text, "x.csv")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ChronicleError, match="UTF-8"):
        read_chronicle(path)
    with pytest.raises(ChronicleError, match="no chronicle"):
        read_chronicle(tmp_path / "absent.csv")


@given(
    offsets=st.lists(st.integers(0, 400), min_size=1, max_size=30).map(sorted),
    days=st.integers(1, 300),
)
def test_dates_keep_their_order_and_fall_within_the_season(offsets: list[int], days: int) -> None:
    first = datetime.date(1720, 1, 1)
    rows = "\n".join(ROW.replace("1720-06-02", str(first + datetime.timedelta(offset))) for offset in offsets)
    chronicle: Chronicle = parse_chronicle(f"{HEAD}\n{rows}", "x.csv")
    found = [chronicle.day_of(row, days) for row in chronicle.rows]
    assert found == sorted(found)
    assert found[0] == 1 and all(1 <= day <= days for day in found)
    if offsets[-1] > offsets[0]:
        assert found[-1] == days
    assert sum(len(rows) for rows in chronicle.by_day(days).values()) == len(offsets)


def test_the_shipped_chronicle_is_the_real_one() -> None:
    _, chronicle = load_scenario("south-sea")
    assert chronicle is not None and len(chronicle.rows) == 38
    assert sum(row.told for row in chronicle.rows) == 30
