"""How the five lay money in a banker's keeping and ask for it back. See `fivepenny.policies.temperaments`."""

from collections.abc import Mapping

from fivepenny.policies.leanings import Leaning, Temperament

COMMON: Temperament = {
    "deposit": Leaning(3, {"spare": 1, "alarm": -2, "trust": 3, "feeling": 1}),
    "withdraw": Leaning(3, {"alarm": 4, "short": 2, "size": 1, "trust": -2}),
}

BY_NAME: Mapping[str, Temperament] = {
    # First at the door, as with everything.
    "quill": {"withdraw": Leaning(5, {"alarm": 4, "short": 1, "size": 1, "trust": -1})},
    # Money that lies still is no use; it comes back when it is wanted for something.
    "vesper": {
        "deposit": Leaning(1, {"spare": 2, "alarm": -1, "trust": 1, "feeling": 2}),
        "withdraw": Leaning(4, {"alarm": 2, "short": 4, "size": 1}),
    },
    # Trusts nothing that he cannot lock up himself.
    "brock": {
        "deposit": Leaning(1, {"spare": 1, "alarm": -3, "trust": 4}),
        "withdraw": Leaning(4, {"alarm": 5, "short": 1, "size": 2, "trust": -3}),
    },
    # A word once given to a bank is given: the last to ask.
    "tansy": {
        "deposit": Leaning(4, {"spare": 1, "alarm": -1, "trust": 3, "feeling": 2}),
        "withdraw": Leaning(2, {"alarm": 2, "short": 3, "trust": -4}),
    },
    # Keeps no money where others count it.
    "patron": {
        "deposit": Leaning(0, {"trust": 2}),
        "withdraw": Leaning(6, {"alarm": 3, "short": 2, "trust": -2}),
    },
}
