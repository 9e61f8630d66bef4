"""The fuzz harness without its fuzzer: what bytes stand for, and that a parser which errs is found out."""

from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import cast

import pytest

import test_reply_mutations as mutations
from fivepenny.minds.reply import Reply, Verdict
from fuzz_replies import MENUS, MOST_MOVES, asked_of, bytes_of, hold, seed_corpus


@pytest.mark.parametrize("raw", ["", "hold", '{"moves": ["buy rye"]}', "„½\ud83d\udc00\U0001f600"])
@pytest.mark.parametrize("menu", range(len(MENUS)))
def test_bytes_stand_for_the_reply_that_they_were_made_of(raw: str, menu: int) -> None:
    for max_moves in range(1, MOST_MOVES + 1):
        assert asked_of(bytes_of(raw, menu, max_moves)) == (raw, MENUS[menu], max_moves)


@pytest.mark.parametrize("data", [b"", b"\xff", b"\xff\xff\xff\xfe", bytes(range(256))])
def test_any_bytes_stand_for_something(data: bytes) -> None:
    _, menu, max_moves = asked_of(data)
    assert menu in MENUS
    assert 1 <= max_moves <= MOST_MOVES


def test_every_sample_is_a_seed_and_passes(tmp_path: Path) -> None:
    seed_corpus(tmp_path, mutations.SHORT)
    seeds = sorted(tmp_path.iterdir())
    assert len(seeds) == len(mutations.SHORT)
    for seed in seeds:
        hold(mutations, seed.read_bytes())


def test_a_parser_that_makes_a_move_up_is_found_out() -> None:
    wrong = SimpleNamespace(
        parse_reply=lambda raw, menu, most: Reply(("hold",), None, None, Verdict.SALVAGED), faults=mutations.faults
    )
    with pytest.raises(AssertionError, match="stands nowhere"):
        hold(cast(ModuleType, wrong), bytes_of("- buy rye", 0, 1))


def test_a_parser_that_minds_the_order_of_the_menu_is_found_out() -> None:
    wrong = SimpleNamespace(
        parse_reply=lambda raw, menu, most: Reply((menu[0],), None, None, Verdict.SALVAGED), faults=mutations.faults
    )
    with pytest.raises(AssertionError, match="order of the menu"):
        hold(cast(ModuleType, wrong), bytes_of("buy rye, or hold", 0, 1))
