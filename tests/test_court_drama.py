"""The drama of the court: what is told is in the events it cites, and each case leaves a file that adds up."""

from collections import Counter

from courtrooms import played
from dramas import moments, unfounded_variants
from fivepenny import courts
from fivepenny.arena.justice_bench import bench_justice, with_court
from fivepenny.drama import court
from fivepenny.drama.court_file import court_files
from fivepenny.drama.playbill import render_playbill
from fivepenny.drama.screenplay import build_screenplay
from fivepenny.drama.text import render_text
from fivepenny.justice import read_records
from quiet_tables import quiet_table

SEEDS = (2, 3, 5, 18, 40, 133)


def test_everything_that_can_be_told_of_the_court_is_in_the_events_it_cites() -> None:
    met: Counter[str] = Counter()
    for seed in SEEDS:
        header, events = played(seed)
        for moment in moments(header, events):
            kinds = {type(event.body) for event in events if event.number in moment.numbers}
            if not kinds & court.MOMENTS.keys():
                continue
            met[moment.key] += 1
            assert unfounded_variants(moment, header, events) == []
    told = {"accused", "case_opened", "case_of_tape", "sworn_had_it", "sworn_told", "letter_read", "books_opened"}
    assert told | {"acquitted", "verdict_fine", "verdict_exile", "gone", "returned", "perjured"} <= met.keys()


def test_each_case_leaves_a_file_that_adds_up() -> None:
    for seed in SEEDS:
        header, events = played(seed)
        files = court_files(header, events)
        opened = [event for event in events if isinstance(event.body, courts.CaseOpened)]
        assert len(files) == len(opened)
        for file, trial in zip(files, read_records(events).trials, strict=False):
            headings = [entry.heading for entry in file.entries]
            assert headings[0] == "Opened" and headings[-1] == "Verdict" and file.so
            weighed = [int(entry.text.split()[0]) for entry in file.entries if entry.heading == "Weighed"]
            assert sum(weighed[:-1]) == weighed[-1]
            assert ("Guilty" in file.entries[-1].text) is trial.decided.guilty


def test_a_file_stands_at_the_end_of_the_text_and_in_the_playbill() -> None:
    header, events = played(18)
    files = court_files(header, events)
    screenplay = build_screenplay(header, events)
    text = render_text(screenplay, files)
    assert text.startswith(render_text(screenplay).rstrip("\n")) and "[For the reader:" in text
    assert all(len(line) <= 76 for line in text.splitlines() if not line.startswith("CASE"))
    page = render_playbill(header, events, screenplay, [], {})
    assert 'id="court"' in page and all(f'id="case-{file.case}"' in page for file in files)


def test_a_season_without_a_case_shows_nothing_of_a_court() -> None:
    header, events = played(18)
    quiet = tuple(event for event in events if type(event.body).__module__ != courts.__name__)
    assert court_files(header, quiet) == []
    assert 'id="court"' not in render_playbill(header, quiet, build_screenplay(header, quiet), [], {})


def test_an_open_case_has_no_verdict_and_says_nothing_of_what_was_so() -> None:
    header, events = played(18)
    first = next(event for event in events if isinstance(event.body, courts.CaseOpened))
    (file,) = court_files(header, events[: first.number])
    assert file.so == "" and [entry.heading for entry in file.entries] == ["Opened"]


def test_the_bench_of_justice_counts_both_companies() -> None:
    found = bench_justice(2)
    rows = found["tables"]["How often"]
    assert {row["company"] for row in rows} == {"understudies", "null"}
    assert all(row["mean"] is None or row["mean"] >= 0 for row in rows) and "court" in found["customs"]
    assert with_court(quiet_table("south-sea")[0]).customs == ("court",)
