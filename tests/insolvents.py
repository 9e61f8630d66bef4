"""For the tests of failing: debts, and a town so deep in debt that several cannot pay."""

from random import Random

from fivepenny.scenario import Debt, Scenario
from quiet_tables import quiet_table


def owes(lender: str, borrower: str, pence: int, due_day: int = 9) -> Debt:
    """A loan from before the first day."""
    return Debt(lender=lender, borrower=borrower, principal_pence=1, owed_pence=pence, due_day=due_day)


def deep_in_debt(seed: int) -> Scenario:
    """The default scenario with a dozen loans between its seats, some too large."""
    lot, plain = Random(seed), quiet_table("south-sea")[0]
    pairs = [lot.sample(plain.seat_names, 2) for _ in range(12)]
    debts = tuple(owes(one, other, lot.choice((300, 1500, 4000, 9000)), lot.randint(2, 9)) for one, other in pairs)
    return plain.model_copy(update={"debts": debts})
