"""How the understudies grade what is done before the court. See `fivepenny.policies.temperaments`."""

from collections.abc import Mapping

from fivepenny.policies.leanings import Leaning, Temperament

COMMON: Temperament = {
    "accuse": Leaning(6, {"loss": 2, "proof": 3, "offer": 1, "feeling": -2, "trust": -1}),
    "testify": Leaning(6, {"suits": 3, "paid": 2}),
    "perjure": Leaning(3, {"suits": 4, "fear": -2, "stake": 1, "paid": 4}),
    "protest": Leaning(6, {"loss": 1}),
}

BY_NAME: Mapping[str, Temperament] = {
    # What is written down can be shown; what cannot be shown is not said.
    "marrow": {
        "accuse": Leaning(6, {"loss": 2, "proof": 4, "offer": 2, "trust": -1}),
        "testify": Leaning(8, {"suits": 1}),
        "perjure": Leaning(0, {"suits": 3, "fear": -4}),
    },
    # A case is a story; a gentleman who should know told him.
    "quill": {
        "accuse": Leaning(7, {"loss": 1, "proof": 2, "offer": 2, "feeling": -2}),
        "perjure": Leaning(3, {"suits": 5, "fear": -1, "stake": 1, "paid": 4}),
        "protest": Leaning(7, {"loss": 1}),
    },
    # Says what suits, and risks it.
    "vesper": {
        "accuse": Leaning(6, {"loss": 2, "proof": 1, "offer": -2, "feeling": -3}),
        "testify": Leaning(4, {"suits": 4, "paid": 2}),
        "perjure": Leaning(4, {"suits": 5, "stake": 1, "paid": 5}),
    },
    # Goes to no court that he can keep out of.
    "brock": {
        "accuse": Leaning(4, {"loss": 3, "proof": 3, "feeling": -2}),
        "testify": Leaning(4, {"suits": 3, "paid": 3}),
        "perjure": Leaning(2, {"suits": 4, "fear": -2, "paid": 5}),
        "protest": Leaning(3, {"loss": 2}),
    },
    # Has given her word.
    "tansy": {
        "accuse": Leaning(5, {"loss": 2, "proof": 3, "offer": 2, "feeling": -2, "trust": -1}),
        "testify": Leaning(9),
        "perjure": Leaning(0, {"suits": 2, "fear": -2}),
    },
    # Has others accuse; says before the court what can be shown.
    "patron": {
        "accuse": Leaning(4, {"loss": 3, "proof": 3, "feeling": -1}),
        "testify": Leaning(7, {"suits": 1}),
        "perjure": Leaning(1, {"suits": 3, "fear": -3}),
    },
}
