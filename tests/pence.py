"""Amounts of money read back from text, for tests: written beside `fivepenny.money`, not from it."""

import re

PENCE_IN = {"£": 240, "s": 12, "d": 1}


def read_pence(text: str) -> int:
    """The pence in an amount as it is written: "£9 15s 5d" is 2345. Nothing else is read."""
    match = re.fullmatch(r"(-?)(?:£(\d+))?(?: ?(\d+)s)?(?: ?(\d+)d)?", text)
    assert match is not None and any(match.groups()[1:]), text
    amount = sum(int(count or 0) * pence for count, pence in zip(match.groups()[1:], PENCE_IN.values(), strict=True))
    return -amount if match.group(1) else amount
