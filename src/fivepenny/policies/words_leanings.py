"""How the understudies grade promises, threats and bribes, and what their own word weighs with each of them.

`COMMON` and `BY_NAME` hold the acts of the custom of words. `WEIGHTS` are facts that the custom adds to acts of the
table, to be weighed beside what weighs there already, and `OWN_WEIGHTS` what weighs otherwise with some.
"""

from collections.abc import Mapping

from fivepenny.policies.leanings import Leaning, Temperament, Weights

COMMON: Temperament = {
    "promise_pay": Leaning(4, {"due": 2, "short": 2, "feeling": 1}),
    "promise_hold": Leaning(4, {"hope": 2, "spare": 1, "trust": 1, "feeling": 1}),
    "threaten": Leaning(4, {"due": 2, "gain": 2, "size": 1, "deed": 1, "feeling": -3, "trust": -1}),
    "bribe": Leaning(3, {"gain": 3, "cost": -3, "trust": 1, "accused": 2}),
    "yield": Leaning(4, {"fear": 4, "cost": -3}),
    "defy": Leaning(4, {"fear": -4, "cost": 3, "feeling": -1}),
    "take": Leaning(5, {"gain": 3, "cost": -1, "lack": 2, "feeling": 1}),
    "spurn": Leaning(4, {"gain": -2, "cost": 1, "trust": -2, "feeling": -2}),
}

BY_NAME: Mapping[str, Temperament] = {
    # Enters promises, makes few; never pays for silence; a threat of hers is a date.
    "marrow": {
        "promise_hold": Leaning(1, {"hope": 2}),
        "threaten": Leaning(6, {"due": 3, "size": 2, "gain": 1, "feeling": -1, "trust": -2}),
        "bribe": Leaning(0, {"gain": 3, "cost": -3}),
        "take": Leaning(1, {"gain": 2, "lack": 3}),
        "spurn": Leaning(5, {"gain": -1, "cost": 1, "bribe": 2, "trust": -4}),
    },
    # Promises as he prints; takes money for what he would not have done anyway.
    "quill": {
        "promise_hold": Leaning(6, {"hope": 3, "feeling": 1}),
        "take": Leaning(6, {"gain": 3, "cost": -1, "lack": 2}),
        "yield": Leaning(6, {"fear": 4, "cost": -2}),
    },
    # Promises lightly, threatens as a joke, buys whoever can be had.
    "vesper": {
        "promise_pay": Leaning(7, {"due": 1, "short": 2}),
        "promise_hold": Leaning(7, {"hope": 2, "spare": 1}),
        "threaten": Leaning(5, {"gain": 3, "due": 1, "feeling": -2}),
        "bribe": Leaning(4, {"gain": 3, "cost": -2, "accused": 2}),
        "defy": Leaning(5, {"fear": -3, "cost": 3}),
        "take": Leaning(7, {"gain": 3, "cost": -1}),
        "spurn": Leaning(3, {"gain": -2, "cost": 1, "feeling": -2}),
    },
    # Gives no word that he need not give, trusts no bargain that cannot be weighed, bends for nobody.
    "brock": {
        "promise_hold": Leaning(2, {"hope": 2, "trust": 3}),
        "threaten": Leaning(4, {"gain": 3, "due": 2, "deed": 2, "feeling": -3}),
        "bribe": Leaning(2, {"gain": 3, "cost": -4, "trust": 3, "accused": 1}),
        "yield": Leaning(2, {"fear": 4, "cost": -4}),
        "defy": Leaning(6, {"fear": -4, "cost": 3}),
        "take": Leaning(3, {"gain": 4, "cost": -3, "trust": 2}),
        "spurn": Leaning(5, {"gain": -3, "cost": 1, "trust": -3}),
    },
    # Gives her word gladly and keeps it; threatens nobody that she has not reason to; her silence is not for sale.
    "tansy": {
        "promise_pay": Leaning(7, {"due": 2, "feeling": 1}),
        "promise_hold": Leaning(5, {"hope": 1, "trust": 2, "feeling": 2}),
        "threaten": Leaning(0, {"due": 2, "deed": 3, "feeling": -4}),
        "bribe": Leaning(0, {"gain": 2, "cost": -3, "trust": 2}),
        "take": Leaning(1, {"gain": 2, "lack": 3, "feeling": 2}),
        "spurn": Leaning(4, {"gain": -2, "cost": 1, "bribe": 3, "trust": -2, "feeling": -2}),
    },
    # Pays for quiet, raises no voice, and is not to be bought.
    "patron": {
        "promise_hold": Leaning(3, {"hope": 2, "spare": 1}),
        "threaten": Leaning(2, {"due": 2, "gain": 3, "feeling": -2}),
        "bribe": Leaning(5, {"gain": 3, "cost": -2}),
        "take": Leaning(0, {"gain": 1}),
    },
}

WEIGHTS: Mapping[str, Weights] = {
    "buy": {"word": -5},
    "sell": {"word": -5},
    "pay": {"word": 3},
    "credit": {"record": 2, "manner": 1},
    "doubt": {"record": -2, "manner": -1},
    "needle": {"warned": 3},
    "press": {"warned": 2},
}

OWN_WEIGHTS: Mapping[str, Mapping[str, Weights]] = {
    "marrow": {
        "buy": {"word": -8},
        "sell": {"word": -8},
        "press": {"warned": 4},
        "credit": {"record": 4},
    },
    "quill": {"buy": {"word": -6}, "sell": {"word": -6}},
    "vesper": {"buy": {"word": -1}, "sell": {"word": -3}, "needle": {"warned": 1}, "credit": {"manner": 3}},
    "brock": {"buy": {"word": -4}, "sell": {"word": -4}, "doubt": {"record": -3, "manner": -2}},
    "tansy": {"buy": {"word": -9}, "sell": {"word": -9}, "needle": {"warned": 1}},
}

BESIDE: Mapping[str, Mapping[str, Weights]] = {
    name: {act: {**weights, **own.get(act, {})} for act, weights in WEIGHTS.items()}
    for name, own in {**OWN_WEIGHTS, "patron": {}}.items()
}
"""By name, what the facts of words weigh in acts that are not theirs."""
