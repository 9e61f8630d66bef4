"""The Patron's temperament: patient and rich. Lends where it is remembered, tells what suits, buys low, waits.

The nearer its goal, the less it lends and buys, and the sooner it sells (`aim`).

The tables are the whole of it; see `fivepenny.policies.temperaments` for the formula.
"""

from fivepenny.policies.leanings import Leaning, Temperament

PATRON: Temperament = {
    "hold": Leaning(5),
    "buy": Leaning(3, {"price": -6, "hope": 3, "cost": -1, "aim": -1}),
    "sell": Leaning(5, {"spare": 1, "price": 5, "hope": -3, "aim": 1}),
    "rest": Leaning(5),
    "tip_up": Leaning(2, {"belief": 1, "gain": 4, "trust": 1, "feeling": 1}),
    "tip_down": Leaning(2, {"belief": 1, "gain": 4, "trust": 1, "feeling": 1}),
    "lend": Leaning(3, {"cost": -3, "trust": 3, "want": 2, "aim": -2}),
    "borrow": Leaning(0, {"short": 3}),
    "press": Leaning(3, {"size": 1, "due": 3}),
    "needle": Leaning(1, {"deed": 2, "feeling": -2}),
    "accept": Leaning(2, {"short": 4}),
    "refuse": Leaning(6, {"short": -4}),
    "grant": Leaning(4, {"cost": -3, "trust": 3, "aim": -2}),
    "deny": Leaning(4, {"cost": 3, "trust": -3, "aim": 2}),
    "credit": Leaning(3, {"trust": 3, "fits": 2, "belief": 1}),
    "doubt": Leaning(5, {"trust": -3, "fits": -2}),
    "answer": Leaning(6, {"feeling": 1}),
    "turn": Leaning(1, {"sting": 1, "feeling": -2}),
}
