"""The drama's page and its telling: self-contained, safe, true to the numbers, live without knowing the future."""

import re
from html.parser import HTMLParser
from itertools import groupby, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from dramas import Made, Season, played
from fivepenny import courts
from fivepenny import happenings as hap
from fivepenny.clock import Beat
from fivepenny.drama.charts import HistoryPoint, PricePoint, fortune_chart, price_chart, spread, ticks
from fivepenny.drama.playbill import CastRow, loan_rows, render_playbill, say_parameters
from fivepenny.drama.screenplay import build_screenplay
from fivepenny.drama.telling import Teller, reading_seconds
from fivepenny.events import EVERYONE
from test_drama import HOSTILE, one_space

CAST = [CastRow("marrow", "Hester <b>Marrow", "banker & co", "house:marrow", "A 'lab'", "llama", 1_610_000)]


class Page(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        """Reads the page."""
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self._style = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._style else data


def playbill(season: Season, counts: dict[str, int] | None = None) -> str:
    header, events = season
    return render_playbill(header, events, build_screenplay(header, events), CAST, counts or {})


def told(season: Season) -> list[str]:
    """The lines of a whole telling, printed plain."""
    teller = Teller(season[0])
    lines = []
    for (day, beat), group in groupby(season[1], key=lambda event: (event.day, event.beat)):
        lines += [line.plain for line in teller.tell(day, beat, tuple(group))]
    return lines


# ---- the playbill ----


def test_the_page_needs_nothing_but_itself() -> None:
    page = Page(playbill(played("understudies", 1, 30)))
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & set(page.tags)
    links = [value for name, value in page.attributes if name in ("href", "src", "action", "xlink:href")]
    assert links and all(re.fullmatch(r"#[a-z]+", link) for link in links)
    assert not any(name.startswith("on") for name, _ in page.attributes)
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids)) and {link[1:] for link in links} <= set(ids)
    html = playbill(played("understudies", 1, 30))
    assert not re.search(r"https?:|url\(|@import", html)


def test_the_page_shows_the_season() -> None:
    header, events = season = played("understudies", 1, 30)
    page = Page(playbill(season, {"refused: malformed grades": 7}))
    flat = one_space(page.text)
    assert all(one_space(event.body.text) in flat for event in events if isinstance(event.body, hap.Said))
    assert page.tags.count("svg") == 1 + len(header.scenario.goods)
    assert page.tags.count("desc") == page.tags.count("svg")
    assert "refused: malformed grades" in flat and "1.6 million parameters" in flat
    assert "pounds per 100 nominal" in flat and "it moves nothing" in flat
    assert page.text.count("1 Jul 1720") >= 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_on_the_page(text: str) -> None:
    made = Made()
    made.say("tansy", "quill", "thank", text)
    made.add(hap.News(text, "southsea", "panic", None))
    page = Page(playbill((made.header, tuple(made.events)), {text: 3}))
    assert "script" not in page.tags and "b" in page.tags
    assert one_space(text) in one_space(page.text)
    assert "49" not in re.findall(r"\d+", text) or "49" not in page.text


def test_awkward_names_of_a_scenario_stay_text_on_the_page() -> None:
    made = Made(days=1, small=True)
    page = Page(playbill((made.header, tuple(made.events))))
    assert "Low <Water>" in page.text and "Hester <b>Marrow" in page.text
    assert "water" not in page.tags and "It was never traded." in page.text


def test_every_loan_is_shown_with_its_end() -> None:
    made = Made(days=9)
    made.add(hap.Owes(1, "marrow", "tansy", 2640, 1))
    made.add(hap.Lent(2, "outside", "brock", 480, 528, 9))
    made.add(hap.Defaulted(1, "marrow", "tansy", 2600, 40), Beat.DUSK)
    first, second = loan_rows(made.header, made.events)
    assert (first.lender, first.failed, first.end) == ("Marrow", True, "default, day 1: 3s 4d unpaid")
    assert (second.lender, second.owed, second.end) == ("The town", "£2 4s", "open")


def test_every_debt_stands_in_the_table_with_what_made_it() -> None:
    made = Made(days=9)
    made.add(hap.Owes(1, "marrow", "tansy", 2640, 9))
    made.add(hap.DayOpened("Monday"), Beat.DAWN)
    made.add(hap.Owes(2, "quill", "brock", 480, 6), Beat.MARKET, ("brock", "quill"))
    made.add(courts.Fined(3, 1, "vesper", 960, 7), Beat.DUSK)
    rows = loan_rows(made.header, made.events)
    assert [(row.lender, row.borrower, row.lent) for row in rows] == [
        ("Marrow", "Tansy", "before day 1"),
        ("Quill", "Brock", "for a broken pact, day 1"),
        ("The town", "Vesper", "a fine, day 1"),
    ]


@pytest.mark.parametrize(
    ("parameters", "words"), [(0, ""), (900, "900"), (1_610_000, "1.6 million"), (20 * 10**9, "20 billion")]
)
def test_weights_are_said_in_words(parameters: int, words: str) -> None:
    assert say_parameters(parameters) == words


# ---- charts ----


def test_a_price_chart_draws_prices_and_history_on_axes_of_their_own() -> None:
    prices = [PricePoint(1, 100), PricePoint(2, 200), PricePoint(4, 150)]
    history = [HistoryPoint(1, "1 Jan 1720", 120.0), HistoryPoint(3, "1 <Jul> 1720", 1000.0)]
    svg = price_chart("price-x", "X & <Y>", 4, prices, history, "pounds")
    root = ElementTree.fromstring(svg)
    path = next(node for node in root if node.get("class") == "price")
    (x1, y1), (x2, y2), (x3, y3) = [
        tuple(map(float, pair.split())) for pair in re.findall(r"[ML]([\d.]+ [\d.]+)", path.get("d", ""))
    ]
    assert x1 < x2 < x3 and (x3 - x2) == pytest.approx(2 * (x2 - x1), abs=0.3)
    assert y2 < y3 < y1 and (y1 - y3) == pytest.approx((y1 - y2) / 2, abs=0.3)
    words = " ".join(root.itertext())
    assert "X & <Y>" in words and "1 <Jul> 1720" in words and "from 8s 4d to 12s 6d" in words.lower()


def test_fortunes_are_labelled_at_their_ends_without_overlap() -> None:
    fortunes = {name: [PricePoint(1, 500), PricePoint(2, 500 + place)] for place, name in enumerate("ABCDE")}
    root = ElementTree.fromstring(fortune_chart("Worth", 2, fortunes))
    labels = [(float(n.get("y", 0)), n.text) for n in root if n.get("class", "").startswith("label")]
    heights = sorted(y for y, _ in labels)
    assert {text for _, text in labels} == set("ABCDE")
    assert all(later - sooner >= 10 for sooner, later in pairwise(heights))


@given(st.lists(st.floats(0, 200), min_size=1, max_size=20))
def test_labels_keep_their_order_and_their_bounds(wanted: list[float]) -> None:
    placed = spread(wanted, 14, 0, 200)
    assert all(-1e-6 <= place <= 200 + 1e-6 for place in placed)
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    assert [placed[place] for place in order] == sorted(placed)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_ticks_are_few_and_hold_the_range(one: int, other: int) -> None:
    least, most = sorted((one, other))
    values = ticks(least, most, (1, 2, 6, 12, 60, 240))
    assert values[0] <= least and values[-1] >= most and 2 <= len(values) <= 7


# ---- the telling ----


def test_the_telling_holds_every_line_and_every_trade() -> None:
    season = played("understudies", 5, 30)
    events = season[1]
    text = "\n".join(told(season))
    assert all(event.body.text in text for event in events if isinstance(event.body, hap.Said))
    slate = [line for line in text.split("\n") if line.startswith("  ")]
    assert len(slate) == sum(isinstance(e.body, hap.Cleared) and e.body.volume > 0 for e in events)
    assert sum(line in text.split("\n") for line in ("Monday, day 1", "Saturday, day 30")) == 2


def test_whispers_are_marked_and_table_talk_is_not() -> None:
    season = played("understudies", 5, 30)
    text = told(season)
    for event in season[1]:
        if isinstance(event.body, hap.Said):
            line = next(line for line in text if line.endswith(event.body.text))
            assert ("(aside to " in line) == (event.audience != EVERYONE)


def test_the_telling_does_not_know_the_future() -> None:
    header, events = played("understudies", 5, 30)
    whole = told((header, events))
    part = told((header, tuple(event for event in events if event.day <= 12)))
    assert whole[: len(part)] == part


def test_a_change_of_rank_is_told() -> None:
    made = Made(days=5)
    seats = made.header.scenario.seat_names
    made.add(hap.DayClosed(seats, (0,) * 5, (500, 400, 300, 200, 100)), Beat.DUSK)
    made.next_day()
    made.add(hap.DayClosed(seats, (0,) * 5, (500, 540, 300, 200, 100)), Beat.DUSK)
    last = told((made.header, tuple(made.events)))[-1]
    assert "Quill" in last and ("£2 5s" in last)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_cannot_style_or_move_the_terminal(text: str) -> None:
    made = Made()
    made.say("tansy", "quill", "thank", text)
    made.add(hap.News(text, "southsea", "panic", None))
    teller = Teller(made.header)
    console = Console(width=200, force_terminal=True, color_system="standard", record=True, file=None, quiet=False)
    with console.capture() as capture:
        for line in teller.tell(1, Beat.DAWN, made.events):
            console.print(line)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", capture.get())
    assert "\x1b" not in shown and "\u202e" not in shown
    heard = one_space(re.sub(r"[\x00-\x1f\u2028\u202e]+", " ", text))
    assert heard in one_space(shown) or heard.replace(" ", "") in shown.replace(" ", "").replace("\n", "")
    assert "\x1b[31m" not in capture.get()


def test_reading_takes_the_time_that_words_take() -> None:
    lines = Teller(played("understudies", 1, 1)[0]).tell(1, Beat.DAWN, played("understudies", 1, 1)[1])
    assert reading_seconds([]) == 0
    assert reading_seconds(lines[:3]) < reading_seconds(lines)
    assert 1 < reading_seconds(lines) < 60
