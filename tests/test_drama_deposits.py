"""The drama of a bank: what is told of it is in the events it cites, and what matters is told."""

from collections import Counter

from banks import eventful
from dramas import Made, elements, moments, unfounded_variants
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.company.cast import company_references
from fivepenny.deposits import Kept, Queued, Rescued, Withdrew
from fivepenny.drama.screenplay import build_screenplay
from fivepenny.header import Header
from fivepenny.stage.rehearsal import rehearse_scenario
from quiet_tables import quiet_table

TOLD = {"deposit_old", "deposit", "deposit_back", "withdrawal", "withdrawal_said", "withdrawal_forced", "rescue"} | {
    "queue", "queue_longer", "queue_shorter",
}  # fmt: skip


def test_everything_that_can_be_told_of_a_bank_is_in_the_events_it_cites() -> None:
    met: Counter[str] = Counter()
    chronicle = quiet_table("knickerbocker")[1]
    for seed, play in ((2, eventful()), (3, quiet_table("knickerbocker")[0])):
        events = rehearse_scenario(seed, 20, "understudies", play, chronicle).events
        header = Header(seed, 20, play, chronicle, company_references("understudies", play))
        for moment in moments(header, events):
            met[moment.key] += 1
            assert moment.key not in TOLD or unfounded_variants(moment, header, events) == []
    assert TOLD - {"withdrawal_said"} <= met.keys()


def test_a_withdrawal_that_was_said_leaves_the_figure_to_the_narrator() -> None:
    made = Made()
    number = made.add(Withdrew(1_000_001, 1_000_001, "brock", "marrow", 720), Beat.ADDRESS)
    line = made.say("brock", "marrow", "withdraw", "I'd sooner look at it.")
    (found,) = [moment for moment in moments(made.header, tuple(made.events)) if number in moment.numbers]
    assert found.key == "withdrawal_said" and found.needed and found.place == line
    told = [item.text for item in elements(build_screenplay(made.header, made.events)) if number in item.numbers]
    assert len(told) == 1 and "£3" in told[0]


def test_a_queue_is_told_beside_the_one_before_it() -> None:
    made = Made(days=4)
    made.add(Kept(1_000_001, "outside", "marrow", 9000))
    for people in (5, 12, 12, 3):
        made.add(Queued(1_000_002 + people, 1_000_001, "marrow", people, 90 * people))
        made.next_day()
    made.add(Rescued("marrow", 2400))
    made.add(hap.DayOpened("Friday"))
    keys = [moment.key for moment in moments(made.header, tuple(made.events)) if moment.key.startswith("queue")]
    assert keys == ["queue", "queue_longer", "queue", "queue_shorter"]
