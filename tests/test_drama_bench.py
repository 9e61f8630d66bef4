"""The bench of happenings: each measure on seasons made by hand, and shares with their intervals."""

import pytest

from fivepenny import failings as fail
from fivepenny import happenings as hap
from fivepenny.arena.drama_bench import bench_drama
from fivepenny.arena.happening_measures import MEASURES, cascaded, fortune_reversed, planted_tip_moved_a_price
from fivepenny.claims import Basis, Claim, ClaimKind
from fivepenny.clock import Beat
from fivepenny.events import Body, Event, Sealed

SEATS = ("amber", "birch")
MADE_UP = Sealed(note="the teller believes it 0 in 100")
BELIEVED = Sealed(note="the teller believes it 70 in 100")


def season(*days: list[Body | tuple[Body, Sealed]]) -> list[Event]:
    """Events of these bodies, some with a sealed part, day after day."""
    opening: Body = hap.SeasonOpened(1, "small", SEATS, ("rye",), (100,))
    rows = [(1, opening, Sealed())]
    for day, bodies in enumerate(days, 1):
        rows += [(day, *(body if isinstance(body, tuple) else (body, Sealed()))) for body in bodies]
    return [Event(n, day, Beat.DUSK, ("*",), body, sealed) for n, (day, body, sealed) in enumerate(rows, 1)]


def closings(*worths: int) -> list[Event]:
    """A season in which the second seat is worth this, close by close."""
    days: list[list[Body | tuple[Body, Sealed]]] = [[hap.DayClosed(SEATS, (0, 0), (500, worth))] for worth in worths]
    return season(*days)


RISE = Claim(1, ClaimKind.WILL_RISE, "rye", 1, 6, Basis.PRICE)
FALL = Claim(1, ClaimKind.WILL_FALL, "rye", 1, 6, Basis.PRICE)
TIP = (hap.Tipped("amber", "birch", RISE), MADE_UP)
WEIGHED = hap.Weighed("birch", "amber", 1, True)


def cleared(price_pence: int | None, buyer: str = "birch", seller: str = "outside") -> hap.Cleared:
    return hap.Cleared("rye", price_pence, 1, (buyer,), (1,), (seller,), (1,))


@pytest.mark.parametrize(
    ("days", "moved"),
    [
        (([TIP, WEIGHED, cleared(102)],), True),
        (([TIP, WEIGHED, cleared(101)],), False),
        (([TIP, WEIGHED, cleared(98)],), False),
        (([TIP, WEIGHED], [cleared(102)]), True),
        (([TIP, WEIGHED, cleared(100)], [cleared(102)]), True),
        (([TIP, WEIGHED], [], [cleared(102)]), False),
        (([TIP, WEIGHED, cleared(102, buyer="clay")],), False),
        (([TIP, WEIGHED, cleared(None)],), False),
        (([TIP, cleared(102)],), False),
        (([TIP, hap.Weighed("birch", "amber", 1, False), cleared(102)],), False),
        (([(TIP[0], BELIEVED), WEIGHED, cleared(102)],), False),
        (([hap.Whispered("amber", "x", RISE), TIP, WEIGHED, cleared(102)],), False),
        (([hap.News("x", "rye", "news", RISE), TIP, WEIGHED, cleared(102)],), False),
        (([(hap.Tipped("amber", "birch", FALL), MADE_UP), WEIGHED, cleared(98, "outside", "birch")],), True),
        (([(hap.Tipped("amber", "birch", FALL), MADE_UP), WEIGHED, cleared(98)],), False),
        (
            (
                [(hap.Tipped("amber", "birch", FALL), MADE_UP), WEIGHED],
                [fail.ForcedSale("birch", "rye", 1, 50), cleared(98, "outside", "birch")],
            ),
            False,
        ),
        (([cleared(102), TIP, WEIGHED, cleared(102)],), False),
    ],
)
def test_a_planted_tip_moves_a_price(days: tuple[list[Body | tuple[Body, Sealed]], ...], moved: bool) -> None:
    assert planted_tip_moved_a_price(season(*days)) is moved


@pytest.mark.parametrize(
    ("worths", "reversed_"),
    [
        ((100, 150, 100), True),
        ((100, 149, 100), False),
        ((100, 150, 101), False),
        ((100, 50, 100), True),
        ((100, 51, 100), False),
        ((100, 50, 99), False),
        ((100, 200, 40), True),
        ((100, 100, 100), False),
        ((0, 500, 0), False),
        ((100,), False),
        ((), False),
    ],
)
def test_a_fortune_is_made_and_lost_or_lost_and_made(worths: tuple[int, ...], reversed_: bool) -> None:
    assert fortune_reversed(closings(*worths)) is reversed_


def test_a_cascade_is_of_one_night_and_pulls_somebody_down() -> None:
    first, pulled, alone = (
        fail.Failed("amber", 1, "", 5),
        fail.Failed("birch", 2, "amber", 5),
        fail.Failed("c", 1, "", 5),
    )
    assert cascaded(season([first, pulled]))
    assert not cascaded(season([first, alone]))
    assert not cascaded(season([first], [alone]))
    assert not cascaded(season([pulled]))


def test_defaults_and_insolvencies() -> None:
    found = season([hap.Defaulted(1, "amber", "birch", 0, 5)])
    assert (MEASURES["default"](found), MEASURES["insolvency"](found)) == (True, False)
    assert MEASURES["insolvency"](season([fail.Failed("amber", 1, "", 5)]))


def test_bench_drama_states_shares_with_intervals_beside_the_null() -> None:
    told: list[tuple[int, int]] = []
    found = bench_drama(2, ("south-sea",), tell=lambda done, all_: told.append((done, all_)))
    (rows,) = found["tables"].values()
    assert [row["share of seasons with"] for row in rows] == list(MEASURES)
    for row in rows:
        for whose in ("", "null "):
            assert 0 <= row[f"{whose}low"] <= row[f"{whose}share"] <= row[f"{whose}high"] <= 1
            assert row[f"{whose}share"] in (0, 0.5, 1)
    assert told == [(n, 4) for n in range(1, 5)]
