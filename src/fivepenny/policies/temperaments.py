"""The temperaments of the five understudies: how much each fact weighs with each of them, act by act.

A grade is the act's base plus a quarter of the weighted facts, each counted from the middle level 4:
`grade = base + round_down((sum of weight * (level - 4) + 2) / 4)`, held within 0 to 9. Integers only, so that a
teacher grades alike on every machine. The tables are the whole of it; no temperament knows a name or a price.
"""

from collections.abc import Mapping
from dataclasses import replace

from fivepenny.policies import court_leanings, deposits_leanings, hire_leanings, pacts_leanings, words_leanings
from fivepenny.policies.leanings import Leaning, Temperament, Weights
from fivepenny.policies.paper_leanings import PAPER_BY_NAME, PAPER_COMMON
from fivepenny.policies.patron_leanings import PATRON

_COMMON: dict[str, Leaning] = {
    # market
    "hold": Leaning(3),
    "buy": Leaning(4, {"need": 4, "price": -3, "hope": 4, "cost": -1, "lack": -1}),
    "sell": Leaning(4, {"spare": 2, "price": 3, "hope": -4, "lack": 2}),
    # parley, first beat
    "rest": Leaning(4),
    "tip_up": Leaning(3, {"belief": 3, "gain": 2, "trust": 1, "feeling": 1}),
    "tip_down": Leaning(3, {"belief": 3, "gain": 2, "trust": 1, "feeling": 1}),
    "lend": Leaning(3, {"cost": -2, "trust": 4, "feeling": 2, "want": 1}),
    "borrow": Leaning(3, {"short": 4, "trust": 1, "feeling": 1}),
    "press": Leaning(4, {"size": 2, "due": 3, "feeling": -1}),
    "thank": Leaning(4, {"deed": 3, "fresh": 2, "feeling": 2}),
    "needle": Leaning(3, {"deed": 3, "fresh": 1, "feeling": -3}),
    # parley, second beat
    "accept": Leaning(4, {"short": 4, "trust": 1, "feeling": 1}),
    "refuse": Leaning(4, {"short": -4, "trust": -1, "feeling": -1}),
    "grant": Leaning(4, {"cost": -3, "trust": 3, "feeling": 2}),
    "deny": Leaning(4, {"cost": 3, "trust": -3, "feeling": -2}),
    "credit": Leaning(4, {"trust": 3, "fits": 3, "feeling": 1, "belief": 1}),
    "doubt": Leaning(4, {"trust": -3, "fits": -3, "feeling": -1}),
    "pay": Leaning(4, {"cost": -3, "feeling": 1}),
    "plead": Leaning(4, {"cost": 3, "lack": 1}),
    "answer": Leaning(5, {"sting": -2, "feeling": 3}),
    "turn": Leaning(2, {"sting": 2, "feeling": -3, "trust": -1}),
    # dusk
    "default": Leaning(7, {"loss": 1}),
    "collect": Leaning(6, {"loss": 1}),
    "repay": Leaning(5),
    "want": Leaning(2, {"loss": 2}),
}

_OWN: dict[str, dict[str, Leaning]] = {
    # Lends, waits, remembers: trust is earned, shares are a matter of price, a debt is a debt.
    "marrow": {
        "hold": Leaning(4),
        "buy": Leaning(3, {"need": 4, "price": -4, "hope": 2, "cost": -2}),
        "sell": Leaning(4, {"spare": 2, "price": 4, "hope": -2, "lack": 1}),
        "lend": Leaning(5, {"cost": -3, "trust": 5, "feeling": 1, "want": 1}),
        "borrow": Leaning(0, {"short": 4, "trust": 1}),
        "press": Leaning(6, {"size": 2, "due": 4}),
        "grant": Leaning(5, {"cost": -3, "trust": 5, "feeling": 1}),
        "credit": Leaning(3, {"trust": 5, "fits": 2, "belief": 1}),
        "doubt": Leaning(5, {"trust": -4, "fits": -2}),
        "collect": Leaning(8, {"loss": 1}),
    },
    # First with everything: tells what he hears, buys on it, believes what fits.
    "quill": {
        "hold": Leaning(2),
        "buy": Leaning(4, {"need": 3, "price": -2, "hope": 6, "cost": -1, "lack": -1}),
        "sell": Leaning(4, {"spare": 2, "price": 2, "hope": -6, "lack": 2}),
        "rest": Leaning(3),
        "tip_up": Leaning(5, {"belief": 2, "gain": 1, "trust": 1, "feeling": 1}),
        "tip_down": Leaning(5, {"belief": 2, "gain": 1, "trust": 1, "feeling": 1}),
        "credit": Leaning(5, {"trust": 2, "fits": 4, "belief": 1}),
        "doubt": Leaning(3, {"trust": -2, "fits": -4}),
        "needle": Leaning(4, {"deed": 3, "fresh": 1, "feeling": -2}),
        "plead": Leaning(5, {"cost": 3, "lack": 1}),
    },
    # Rides whatever moves: price matters little, hope much; borrows, and tells what suits.
    "vesper": {
        "hold": Leaning(1),
        "buy": Leaning(4, {"need": 3, "price": 1, "hope": 6, "cost": 1}),
        "sell": Leaning(4, {"spare": 2, "price": 2, "hope": -5, "lack": 3}),
        "tip_up": Leaning(4, {"belief": 1, "gain": 4, "feeling": -1}),
        "tip_down": Leaning(4, {"belief": 1, "gain": 4, "feeling": -1}),
        "lend": Leaning(1, {"cost": -2, "trust": 2, "feeling": 4, "want": 1}),
        "borrow": Leaning(5, {"short": 4, "trust": -1, "feeling": 1}),
        "accept": Leaning(6, {"short": 3, "feeling": 1}),
        "refuse": Leaning(2, {"short": -3, "feeling": -1}),
        "needle": Leaning(5, {"deed": 2, "fresh": 1, "feeling": -2}),
        "pay": Leaning(2, {"cost": -4, "feeling": 1}),
        "plead": Leaning(6, {"cost": 2, "lack": 2}),
    },
    # Hoards: need first, sells dear, trusts nothing that cannot be locked up, says little.
    "brock": {
        "hold": Leaning(4),
        "buy": Leaning(3, {"need": 7, "price": -2, "hope": 1, "cost": -2}),
        "sell": Leaning(4, {"spare": 4, "price": 5, "hope": -1, "lack": 2}),
        "rest": Leaning(6),
        "tip_up": Leaning(1, {"belief": 2, "gain": 4, "trust": 1, "feeling": 2}),
        "tip_down": Leaning(1, {"belief": 2, "gain": 4, "trust": 1, "feeling": 2}),
        "lend": Leaning(1, {"cost": -4, "trust": 4, "feeling": 3, "want": 2}),
        "grant": Leaning(2, {"cost": -4, "trust": 3, "feeling": 4}),
        "deny": Leaning(6, {"cost": 3, "trust": -3, "feeling": -3}),
        "accept": Leaning(2, {"short": 5, "trust": 2, "feeling": 1}),
        "refuse": Leaning(6, {"short": -5, "trust": -2}),
        "credit": Leaning(2, {"trust": 5, "fits": 2, "feeling": 1}),
        "doubt": Leaning(6, {"trust": -5, "fits": -2}),
        "pay": Leaning(6, {"cost": -2}),
        "thank": Leaning(3, {"deed": 4, "fresh": 1, "feeling": 3}),
        "answer": Leaning(4, {"sting": -3, "feeling": 3}),
        "turn": Leaning(4, {"sting": 2, "feeling": -3, "trust": -1}),
    },
    # Deals fairly: the usual price is a fair price; thanks, answers, pays, wounds nobody lightly.
    "tansy": {
        "hold": Leaning(3),
        "buy": Leaning(4, {"need": 5, "price": -4, "hope": 1, "cost": -1, "lack": -1}),
        "sell": Leaning(5, {"spare": 3, "price": 2, "hope": -1, "lack": 2}),
        "tip_up": Leaning(3, {"belief": 5, "gain": -1, "trust": 1, "feeling": 3}),
        "tip_down": Leaning(3, {"belief": 5, "gain": -1, "trust": 1, "feeling": 3}),
        "lend": Leaning(3, {"cost": -3, "trust": 2, "feeling": 3, "want": 3}),
        "thank": Leaning(6, {"deed": 3, "fresh": 2, "feeling": 2}),
        "needle": Leaning(1, {"deed": 4, "fresh": 1, "feeling": -4}),
        "pay": Leaning(7, {"cost": -2, "feeling": 1}),
        "answer": Leaning(6, {"sting": -1, "feeling": 2}),
        "turn": Leaning(2, {"sting": 2, "feeling": -4}),
        "repay": Leaning(6),
    },
}

_CUSTOMS: tuple[tuple[Temperament, Mapping[str, Temperament]], ...] = (
    (court_leanings.COMMON, court_leanings.BY_NAME),
    (hire_leanings.COMMON, hire_leanings.BY_NAME),
    (pacts_leanings.COMMON, pacts_leanings.BY_NAME),
    (deposits_leanings.COMMON, deposits_leanings.BY_NAME),
    (PAPER_COMMON, PAPER_BY_NAME),
    (words_leanings.COMMON, words_leanings.BY_NAME),
)
"""Of each custom of the table: how its acts are graded by all, and by some otherwise."""

_BESIDE: tuple[Mapping[str, Mapping[str, Weights]], ...] = (
    pacts_leanings.BESIDE,
    words_leanings.BESIDE,
    hire_leanings.BESIDE,
)
"""Of each custom: by name, what facts of its own weigh in acts that are not."""


def _weigh_besides(name: str, temperament: Temperament) -> Temperament:
    """A temperament in which the facts of the customs weigh too, wherever they turn up."""
    found = dict(temperament)
    for beside in _BESIDE:
        for act, weights in beside.get(name, {}).items():
            found[act] = replace(found[act], weights={**found[act].weights, **weights})
    return found


TEMPERAMENTS: Mapping[str, Temperament] = {
    name: _weigh_besides(
        name,
        {
            **_COMMON,
            **own,
            **{act: leaning for common, _ in _CUSTOMS for act, leaning in common.items()},
            **{act: leaning for _, by_name in _CUSTOMS for act, leaning in by_name.get(name, {}).items()},
        },
    )
    for name, own in (*_OWN.items(), ("patron", PATRON))
}

TEMPERAMENT_NAMES = tuple(_OWN)
"""Those of the five, which any seat may be given. The Patron's is the Patron's alone."""
