"""The drama of bribery: what can be told of it is in the events cited, and a case has a file to the end."""

from collections import Counter

from bribers import RICH, played
from dramas import moments, unfounded_variants
from fivepenny import bribery, courts
from fivepenny.arena import justice_bench
from fivepenny.courts import Ground, Offence
from fivepenny.drama import court
from fivepenny.drama.bribery import MOMENTS
from fivepenny.drama.court_file import court_files
from fivepenny.drama.narration import load_grammar
from fivepenny.drama.screenplay import build_screenplay
from fivepenny.drama.text import render_text
from fivepenny.justice import Records, read_records

SEEDS = (RICH, 41, 98, 102)
TOLD = {
    *("oath_sought", "oath_bought", "accused_bribe", "case_of_letter", "case_of_oath", "sworn_money"),
    *("sworn_no_money", "sworn_owns", "sworn_denies", "bribe_read", "bribe_read_taken", "bribe_read_oath"),
    *("purse_passed", "purse_empty"),
}


def test_everything_that_can_be_told_of_bribery_is_in_the_events_it_cites() -> None:
    met: Counter[str] = Counter()
    for seed in SEEDS:
        header, events = played(seed)
        by_number = {event.number: type(event.body) for event in events}
        for moment in moments(header, events):
            kinds = {by_number[number] for number in moment.numbers}
            if not kinds & (MOMENTS.keys() | court.MOMENTS.keys()):
                continue
            met[moment.key] += 1
            assert unfounded_variants(moment, header, events) == []
    assert met.keys() >= TOLD, TOLD - met.keys()


def test_every_kind_has_four_ways_of_telling_it() -> None:
    grammar = load_grammar()
    for key in TOLD:
        assert len(set(grammar[key])) >= 4, key


def test_a_case_of_bribery_has_a_file_that_adds_up() -> None:
    header, events = played(RICH)
    files = {file.case: file for file in court_files(header, events)}
    grounds = set()
    for trial in read_records(events).trials:
        if trial.opened.offence is not Offence.BRIBERY:
            continue
        grounds.add(trial.opened.ground)
        entries = files[trial.opened.case].entries
        headings = [entry.heading for entry in entries]
        weighed = [int(entry.text.split()[0]) for entry in entries if entry.heading == "Weighed"]
        assert headings[0] == "Opened" and headings[-1] == "Verdict"
        assert "Books" in headings or trial.opened.ground is Ground.OATH  # counted in the case before
        assert sum(weighed[:-1]) == weighed[-1]
    assert grounds == {Ground.ACCUSATION, Ground.LETTER, Ground.OATH}
    assert "bribery" in render_text(build_screenplay(header, events), list(files.values()))


def test_what_was_so_of_bribes_is_read_from_the_whole_log() -> None:
    _, events = played(RICH)
    records = read_records(events)
    bought = {event.body.bribe for event in events if isinstance(event.body, bribery.OathBought)}
    assert bought and bought <= {item.bribe for item in records.money if item.fate == "taken"}
    opened = [event.body for event in events if isinstance(event.body, courts.CaseOpened)]
    assert len(records.trials) == len(opened)
    assert all(bool(trial.cause) is trial.wrong for trial in records.trials)


def test_the_bench_counts_bribes() -> None:
    _, events = played(RICH)
    records = read_records(events)
    found = justice_bench._bribes(records)
    assert any(found) and not all(found) and justice_bench._bribes(Records()) == []
