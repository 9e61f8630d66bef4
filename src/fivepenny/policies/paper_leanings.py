"""How the five grade what may be done about paper: other terms, more days, the sale of what is owed.

See `fivepenny.policies.temperaments` for the formula. `worth` is what a bargain is worth beside what it costs; of a
sale, `trust` and `feeling` are towards the debtor.
"""

from collections.abc import Mapping

from fivepenny.policies.leanings import Leaning, Temperament

PAPER_COMMON: Temperament = {
    "extend": Leaning(5, {"short": 2, "due": 1, "trust": 1}),
    "cede": Leaning(4, {"short": 2, "size": 1, "trust": -2, "feeling": -1}),
    "assume": Leaning(3, {"worth": 2, "feeling": -2}),
    "counter": Leaning(4, {"covered": 1, "trust": -2, "short": -1, "cost": 1}),
    "agree": Leaning(
        5, {"worth": 3, "cost": -2, "trust": 2, "feeling": 1, "short": 2, "covered": 1, "late": -2, "waits": 3}
    ),
    "decline": Leaning(
        4, {"worth": -3, "cost": 2, "trust": -2, "feeling": -1, "short": -2, "covered": -1, "late": 2, "waits": 3}
    ),
}

PAPER_BY_NAME: Mapping[str, Temperament] = {
    # A pledge is a pledge, a day costs money, and paper is what she lives by.
    "marrow": {
        "assume": Leaning(5, {"worth": 4}),
        "counter": Leaning(6, {"covered": 3, "trust": -3, "cost": 1}),
        "agree": Leaning(5, {"worth": 3, "cost": -2, "trust": 3, "short": 2, "covered": 2, "late": -6, "waits": 3}),
        "decline": Leaning(5, {"worth": -4, "cost": 2, "trust": -3, "covered": -2, "late": 5, "waits": 3}),
    },
    # Anything to have the money a little longer; sells a name as he sells news.
    "quill": {
        "extend": Leaning(6, {"short": 2, "due": 1, "trust": 1}),
        "cede": Leaning(5, {"short": 3, "size": 1, "trust": -2}),
    },
    # Tomorrow's money is money; a debt of somebody she dislikes is a toy.
    "vesper": {
        "extend": Leaning(7, {"short": 2, "due": 1}),
        "cede": Leaning(6, {"short": 3, "size": 1, "feeling": -2}),
        "assume": Leaning(4, {"worth": 1, "feeling": -4}),
        "counter": Leaning(4, {"short": -2, "covered": -1, "trust": -1}),
        "agree": Leaning(6, {"worth": 2, "cost": -1, "feeling": 1, "short": 4, "waits": 3}),
    },
    # Wants a thing in the cellar for every coin that leaves it, and pledges nothing of his own lightly.
    "brock": {
        "extend": Leaning(3, {"short": 3, "due": 2, "trust": 2}),
        "cede": Leaning(3, {"short": 3, "trust": -4, "feeling": -1}),
        "assume": Leaning(1, {"worth": 2, "feeling": -3}),
        "counter": Leaning(4, {"covered": 3, "trust": -3, "short": -1}),
        "agree": Leaning(
            4, {"worth": 4, "cost": -3, "trust": 3, "feeling": 2, "covered": 3, "short": 2, "late": -2, "waits": 3}
        ),
        "decline": Leaning(
            6, {"worth": -4, "cost": 3, "trust": -3, "feeling": -2, "covered": -2, "short": -2, "late": 3, "waits": 3}
        ),
    },
    # Gives days, asks for few, and sells nobody's name whom she likes.
    "tansy": {
        "extend": Leaning(4, {"short": 2, "due": 2, "trust": 1}),
        "cede": Leaning(2, {"short": 3, "trust": -2, "feeling": -3}),
        "assume": Leaning(2, {"worth": 1, "feeling": 3}),
        "counter": Leaning(3, {"covered": 1, "trust": -2, "short": -1}),
        "agree": Leaning(6, {"worth": 2, "cost": -2, "trust": 1, "feeling": 3, "short": 2, "late": -1, "waits": 3}),
    },
    # Likes to be owed, by whomever; a pledge is better than a name.
    "patron": {
        "cede": Leaning(1, {"short": 3, "trust": -2}),
        "assume": Leaning(6, {"worth": 3}),
        "counter": Leaning(5, {"covered": 3, "trust": -2}),
        "agree": Leaning(6, {"worth": 4, "cost": -2, "trust": 1, "short": 2, "covered": 2, "waits": 3}),
    },
}
