"""How what has come out in a case of bribery weighs.

Works from the court's own knowledge alone (`fivepenny.market.court_roll`), by the law (`fivepenny.courts`).
"""

from fivepenny import bribery, courts
from fivepenny.courts import Ground, Item, Oath
from fivepenny.market.court_roll import CaseFile, Roll


def weigh_bribe(roll: Roll, case: CaseFile) -> tuple[dict[Item, int], int]:
    """What counts, and what the accused gained by it: the money, if it was the one who took it."""
    opened, most = case.opened, courts.MOST_COUNTED
    accused = opened.accused
    guilty = [letter for letter in case.bribes if bribery.shows_guilt(letter, accused)]
    named = {name for letter in case.bribes for name in (letter.by, letter.to)}
    others = [name for name in case.witnesses if name != accused]
    owned = [name for name in others if case.sworn(name) is Oath.MONEY and name not in named]
    denied = [name for name in others if case.sworn(name) is Oath.NO_MONEY]
    counts = {
        Item.OFFERED: int(bool(opened.accuser)),
        Item.SEIZED: int(bool(guilty)),
        Item.MONEY: min(most, len(owned)),
        Item.NO_MONEY: min(most, len(denied)),
        Item.PASSED: int(case.purse is not None and case.purse.pence > 0),
        Item.DEALT: int(_dealt(roll, case, guilty)),
        Item.STOOD: int(_stood(roll, case)),
        Item.LEFT: int(any(_left(roll, letter) for letter in guilty if bribery.is_of(letter, opened))),
        Item.FALSE_OATH: int(opened.ground is Ground.OATH),
    }
    return counts, max([letter.pence for letter in guilty if letter.to == accused], default=0)


def _stood(roll: Roll, case: CaseFile) -> bool:
    """Whether the accused itself was heard over the good on the day of the bribe."""
    opened = case.opened
    return (opened.since_day, opened.accused, opened.good) in roll.heard


def _dealt(roll: Roll, case: CaseFile, guilty: list[bribery.BribeRead]) -> bool:
    """Whether the accused offered money for a good's being left alone, and dealt in it from that day on."""
    opened = case.opened
    offered = bool(opened.accuser) or any(letter.by == opened.accused and not letter.about for letter in guilty)
    dealings = roll.dealings(opened.accused, opened.good, opened.since_day)
    return offered and not _stood(roll, case) and any(item.units for item in dealings)


def _left(roll: Roll, letter: bribery.BribeRead) -> bool:
    """Whether who took money for leaving a good alone had dealt in it before, and then did not for its days."""
    if letter.fate != "taken" or letter.about:
        return False
    first_day = letter.offered_day
    days = {item.day for item in roll.dealings(letter.to, letter.good, first_day - courts.LEFT_DAYS) if item.units}
    before = {day for day in days if day < first_day}
    return bool(before) and days.isdisjoint(range(first_day, first_day + courts.LEFT_DAYS))
