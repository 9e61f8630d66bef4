"""How the understudies grade hires: who sells what is not its own, who lets its goods go, who wants them back."""

from collections.abc import Mapping

from fivepenny.policies.leanings import Leaning, Temperament, Weights

COMMON: Temperament = {
    "hire": Leaning(4, {"hope": -4, "price": 2, "cost": -1, "feeling": 1}),
    "recall": Leaning(5, {"need": 1, "lack": 1, "hope": 2, "price": 2, "size": 1, "trust": -2, "feeling": -2}),
    "squeezed": Leaning(5, {"loss": 2}),
}

BY_NAME: Mapping[str, Temperament] = {
    # A fee is an honest income; goods of hers are never out a day too long.
    "marrow": {
        "hire": Leaning(2, {"hope": -4, "price": 3, "cost": -2}),
        "recall": Leaning(6, {"need": 1, "hope": 2, "price": 1, "size": 2, "trust": -3}),
    },
    # Sells on what he has heard, whoever's it is.
    "quill": {
        "hire": Leaning(6, {"hope": -5, "price": 1, "cost": -1}),
        "recall": Leaning(6, {"hope": 4, "price": 1, "feeling": -2}),
    },
    # Owns nothing for long, and would rather owe it.
    "vesper": {
        "hire": Leaning(7, {"hope": -4, "price": 1, "cost": 1}),
        "recall": Leaning(7, {"hope": 3, "price": 2, "lack": 2, "feeling": -1}),
    },
    # What is out of his hands is gone.
    "brock": {
        "hire": Leaning(2, {"hope": -3, "price": 4, "cost": -2}),
        "recall": Leaning(7, {"need": 2, "hope": 1, "price": 3, "trust": -3, "feeling": -2}),
    },
    # Does not sell what is not hers if she can help it; lends what she can spare.
    "tansy": {
        "hire": Leaning(3, {"hope": -4, "price": 2, "cost": -2, "feeling": 1}),
        "recall": Leaning(3, {"need": 4, "hope": 1, "trust": -1, "feeling": -1}),
    },
    # Hires little: a hire is a debt that others can call.
    "patron": {
        "hire": Leaning(2, {"hope": -4, "price": 2, "cost": -2}),
    },
}


def _beside(gain: int, spare: int, hope: int) -> Mapping[str, Weights]:
    agree = {"gain": gain, "spare": spare, "hope": hope}
    return {"agree": agree, "decline": {key: -weight for key, weight in agree.items()}}


BESIDE: Mapping[str, Mapping[str, Weights]] = {
    "marrow": _beside(gain=2, spare=2, hope=0),
    "quill": _beside(gain=1, spare=2, hope=-1),
    "vesper": _beside(gain=3, spare=1, hope=-1),
    "brock": _beside(gain=2, spare=4, hope=0),
    "tansy": _beside(gain=0, spare=2, hope=0),
    "patron": _beside(gain=2, spare=2, hope=-1),
}
"""By name: what a fee, goods to spare and a rise that is hoped for weigh in a yes or no to business of any kind."""
