"""How sure a mind was of its choice: the probability that its own reply gives to it, after the constraint.

The constraint leaves only some of the tokens that might stand in a place; their probabilities, scaled to add up to
one, are what the mind was drawing from. It knows replies and menus, not what a move does, and it takes nobody's word:
how far a sureness can be relied on is measured on held-out seasons (`fivepenny bench cascade`).
"""

import json
from collections.abc import Sequence
from math import prod

from fivepenny.minds.mind import TokenOdds
from fivepenny.world import TOP_LEVEL, Menu

ALTERNATIVES = 20
"""How many tokens a mind is asked to tell in each place: room for ten grades, and the most that servers allow."""

_GRADES = range(TOP_LEVEL + 1)


def grade_sureness(odds: Sequence[TokenOdds], options: int) -> float | None:
    """How likely the option that the reply grades best is none the worse for any other, 0 to 1.

    `Σ_g P(best = g) Π_o P(o ≤ g)` over the other options `o`, as if each grade were drawn by itself. None where the
    reply does not hold a grade for each option or nothing was told of one.
    """
    places = [place for place in odds if _digit(place.text) is not None]
    rows = [_grade_shares(place) for place in places]
    if len(rows) != options or not all(rows):
        return None
    grades = [_digit(place.text) or 0 for place in places]
    best = grades.index(max(grades))
    others = [row for place, row in enumerate(rows) if place != best]
    return sum(rows[best][grade] * prod(sum(row[: grade + 1]) for row in others) for grade in _GRADES)


def reply_sureness(odds: Sequence[TokenOdds], menu: Menu) -> float | None:
    """How likely the first phrase of a JSON reply was among the phrases of this menu, 0 to 1.

    The product, over the tokens of the phrase, of each token's share among those with which some phrase of the menu
    could go on. None where the reply does not begin with a move of the menu or nothing was told of it.
    """
    text = "".join(place.text for place in odds)
    opening = text.find('["') + 1
    whole = [json.dumps(phrase) for phrase in menu.phrases]
    if not opening or not any(text.startswith(phrase, opening) for phrase in whole):
        return None
    legal = [text[:opening] + phrase for phrase in whole]
    end = opening + max(len(phrase) for phrase in whole if text.startswith(phrase, opening))
    start, sureness = 0, 1.0
    for place in odds:
        stop = start + len(place.text)
        if stop > opening and start < end:
            share = _share(place, text[:start], legal)
            if share is None:
                return None
            sureness *= share
        start = stop
    return sureness


def _digit(text: str) -> int | None:
    bare = text.strip()
    return int(bare) if len(bare) == 1 and bare.isascii() and bare.isdigit() else None


def _grade_shares(place: TokenOdds) -> list[float]:
    """The probability of each grade in a place, of the grades alone; nothing where none was told."""
    shares = [0.0] * len(_GRADES)
    for text, probability in place.odds:
        grade = _digit(text)
        if grade is not None:
            shares[grade] += probability
    total = sum(shares)
    return [share / total for share in shares] if total > 0 else []


def _share(place: TokenOdds, before: str, legal: Sequence[str]) -> float | None:
    """The chosen token's share among those that keep to a legal text; None where it is not among those told."""
    chosen = legal_total = 0.0
    for text, probability in place.odds:
        after = before + text
        if text and any(whole.startswith(after) or after.startswith(whole) for whole in legal):
            legal_total += probability
            if text == place.text:
                chosen = probability
    return chosen / legal_total if chosen > 0 else None
