"""How pacts are graded: proposed, joined, rejected and broken. See `fivepenny.policies.temperaments`.

What of a pact's facts bears on acts that are not its own (a loan to one who is shunned, a good that is bought
together) stands in BESIDE; these facts are always above the middle, so that they speak one way.
"""

from collections.abc import Mapping

from fivepenny.policies.leanings import Leaning, Temperament, Weights

COMMON: Temperament = {
    "pact_floor": Leaning(3, {"gain": 2, "price": -2, "trust": 2, "feeling": 1}),
    "pact_pool": Leaning(2, {"gain": 2, "price": -2, "trust": 2, "feeling": 1}),
    "pact_shun": Leaning(3, {"gain": 3, "trust": 1, "feeling": 1}),
    "join": Leaning(4, {"gain": 3, "trust": 2, "feeling": 2, "risk": -1, "fund": 2}),
    "reject": Leaning(4, {"gain": -2, "trust": -2, "feeling": -2, "risk": 1, "fund": -1}),
    "undercut": Leaning(3, {"spare": 2, "price": 2, "hope": -3, "lack": 2, "pledge": -3}),
    "betrayed": Leaning(8),
}

BY_NAME: Mapping[str, Temperament] = {
    # A floor is prudence, a pool is not; what she signs stands in the book.
    "marrow": {
        "pact_pool": Leaning(2, {"gain": 2, "price": -3, "trust": 3}),
        "join": Leaning(4, {"gain": 2, "trust": 4, "risk": -1}),
        "reject": Leaning(5, {"gain": -1, "trust": -4, "risk": 1}),
        "undercut": Leaning(2, {"price": 2, "lack": 4, "pledge": -4}),
    },
    # A pool that is talked of is a story; he would be first in it, and first out.
    "quill": {
        "pact_pool": Leaning(3, {"gain": 3, "price": -1, "trust": 1, "feeling": 1}),
        "undercut": Leaning(3, {"price": 2, "hope": -5, "lack": 3, "pledge": -3}),
    },
    # Joins whatever moves, and leaves it while it moves.
    "vesper": {
        "pact_pool": Leaning(3, {"gain": 4, "feeling": 1}),
        "pact_shun": Leaning(4, {"gain": 3, "feeling": 1}),
        "join": Leaning(6, {"gain": 2, "feeling": 2, "fund": 3}),
        "reject": Leaning(3, {"gain": -2, "feeling": -2, "fund": -2}),
        "undercut": Leaning(3, {"spare": 2, "price": 3, "hope": -5, "lack": 3, "pledge": -2}),
    },
    # A floor under what he makes is sense. He binds himself to hardly anybody, and loosely.
    "brock": {
        "pact_floor": Leaning(5, {"gain": 2, "price": -3, "trust": 2}),
        "pact_pool": Leaning(1, {"gain": 2, "price": -2, "trust": 3}),
        "join": Leaning(3, {"gain": 4, "trust": 3, "risk": -2, "fund": 3}),
        "reject": Leaning(5, {"gain": -3, "trust": -3, "risk": 1}),
        "undercut": Leaning(5, {"spare": 4, "price": 3, "lack": 2, "pledge": -3}),
    },
    # Signs with those she likes, against nobody if she can help it, and then it holds.
    "tansy": {
        "pact_shun": Leaning(0, {"gain": 3, "trust": 1}),
        "join": Leaning(4, {"gain": 2, "trust": 2, "feeling": 3, "risk": -1}),
        "undercut": Leaning(1, {"lack": 3, "pledge": -2}),
        "betrayed": Leaning(9),
    },
    # Binds others gladly, with money if need be, and keeps what is signed: it is cheaper.
    "patron": {
        "pact_pool": Leaning(4, {"gain": 3, "price": -3, "trust": 1}),
        "join": Leaning(3, {"gain": 4, "trust": 3, "risk": -2}),
        "undercut": Leaning(1, {"price": 3, "hope": -4, "pledge": -4}),
    },
}

BESIDE: Mapping[str, Mapping[str, Weights]] = {
    name: {"lend": {"pledge": -pledge}, "grant": {"pledge": -pledge}, "buy": {"pool": pool}}
    for name, pledge, pool in (
        ("marrow", 6, 2), ("quill", 3, 3), ("vesper", 2, 4), ("brock", 4, 2), ("tansy", 8, 3),
        ("patron", 6, 4),
    )
}  # fmt: skip
"""By name: what these facts weigh in acts that every table has."""
