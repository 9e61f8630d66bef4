"""The reply contract, rule by rule: what a mind wrote, and what may be taken from it."""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fivepenny.minds.reply import MAX_REPLY_CHARACTERS, MOVE_SLOTS, Reply, Verdict, clean_say, parse_reply

SAMPLES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "replies.jsonl").read_text(encoding="utf-8").splitlines()
]
MENU = ("buy rye", "sell coal", "hold")
NESTED_MENU = ("buy rye", "buy rye flour", "tip vesper", "say nothing", "hold")
RYE, COAL, HOLD = MENU
LONG = "a" * 157

Case = tuple[str, tuple[str, ...] | None, str | None, str]


def read(raw: str, menu: tuple[str, ...] = MENU, max_moves: int = 2) -> Reply:
    return parse_reply(raw, menu, max_moves)


def check(case: Case, menu: tuple[str, ...] = MENU) -> None:
    raw, moves, say, verdict = case
    reply = read(raw, menu)
    assert (reply.moves, reply.say, reply.verdict) == (moves, say, Verdict(verdict))
    assert bool(reply.reason) == (moves is None)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample['id']}-{sample['family']}")
def test_sample(sample: dict[str, object]) -> None:
    reply = parse_reply(sample["raw"], sample["menu"], sample["max_moves"])  # type: ignore[arg-type]
    moves = None if reply.moves is None else list(reply.moves)
    assert {"moves": moves, "say": reply.say} == sample["expect"]
    assert reply.verdict == sample["verdict"]


FINDING: list[Case] = [
    # 1. the last complete object with a moves key
    ('{"moves": ["buy rye"], "say": "a"} or {"moves": ["hold"], "say": "b"}', (HOLD,), "b", "repaired"),
    ('{"moves": ["hold"], "say": "a"} {"mood": "sly"}', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold"], "say": "a"} {"moves": ["buy gold"]}', None, None, "refused"),
    ('{"moves": ["buy gold"], "say": "a"} I buy rye.', None, None, "refused"),
    ('{"moves": ["hold"], "say": "a"} {"moves": ["buy rye"], "say": "cut', (HOLD,), "a", "repaired"),
    ('{"moves": ["buy rye"], "say": "a {"moves": ["hold', (RYE,), 'a "moves": ["hold', "salvaged"),
    ('{"plan": {"moves": ["hold"]}}', None, None, "refused"),
    ('{"response": {"output": {"moves": ["hold"]}}}', None, None, "refused"),
    ('Set { then {"moves": ["hold"], "say": "a"}', (HOLD,), "a", "repaired"),
    ('[see {note}] reply({"moves": ["hold"], "say": "a"});', (HOLD,), "a", "repaired"),
    ('{"moves": ["buy rye"\n\nSorry. {"moves": ["hold"], "say": "a"}', (HOLD,), "a", "repaired"),
    ('{"moves": ["buy rye"], "say": "oh\n\n{"moves": ["hold"], "say": "a"}', (HOLD,), "a", "repaired"),
    ('{"say": "I will buy rye."}', None, None, "refused"),
    # 2. channels and thought
    ("<|channel|>final<|message|>hold<|return|>", (HOLD,), None, "repaired"),
    (
        '<|channel|>final <|constrain|>json<|message|>{"moves": ["hold"], "say": "a"}<|return|>',
        (HOLD,), "a", "repaired",
    ),
    ('{"moves": ["hold"], "say": "a"}<|channel|>analysis<|message|>hm', None, None, "refused"),
    ('{"moves": ["hold"], "say": "a"}<think>hm', (HOLD,), "a", "repaired"),
    ("<think>a</think>hm</think>hold", (HOLD,), None, "repaired"),
    ("buy rye<think>a</think>hm</think>hold", (HOLD,), None, "repaired"),
    ("I buy rye</think>I wait", None, None, "refused"),
    ('{"moves": ["hold"], "say": "a </think> b"}', (HOLD,), "a </think> b", "clean"),
    # 3. an invented user turn
    ('{"moves": ["hold"], "say": "a"}\nHuman: so?\n{"moves": ["buy rye"]}', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold"], "say": "a"}\n### Instruction\n{"moves": ["buy rye"]}', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold"], "say": "a"}<|im_start|>user\n{"moves": ["buy rye"]}', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold"]}<|start_header_id|>user<|end_header_id|>{"moves": ["buy rye"]}', (HOLD,), None, "repaired"),
    ('{"moves": ["hold"]}<start_of_turn>user {"moves": ["buy rye"]}', (HOLD,), None, "repaired"),
    ('{"moves": ["gold"], "say": "a"}\nUser: so?\n{"moves": ["hold"]}', (HOLD,), None, "repaired"),
    ('{"moves": ["hold"], "say": "a"} the user: {"moves": ["buy rye"]}', (RYE,), None, "repaired"),
]  # fmt: skip

SYNTAX: list[Case] = [
    # 4. quotes, keys, words, commas, braces, escapes
    ("{'moves': ['hold'], 'say': 'I'll wait, don't fret.'}", (HOLD,), "I'll wait, don't fret.", "repaired"),
    ("{“moves”: [‘hold’], “say”: “He said “no” twice.”}", (HOLD,), "He said “no” twice.", "repaired"),
    ("{moves: [buy rye, hold], say: 'a'}", (RYE, HOLD), "a", "repaired"),
    ("{moves: buy rye, say: I'll wait, as ever}", (RYE,), "I'll wait, as ever", "repaired"),
    ('{say: "a", mood: angry, moves: ["hold"]}', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold"], "say": None, "aside": True}', (HOLD,), None, "repaired"),
    ('{,"moves": ["buy rye",, "hold",],, "say": "a",,}', (RYE, HOLD), "a", "repaired"),
    ('{"moves": ["buy rye"\n"hold"] "say": "a" "aside": "b"}', (RYE, HOLD), "a", "repaired"),
    ('{{"response": {{"moves": ["hold"], "say": "a"}}}}', (HOLD,), "a", "repaired"),
    (r'{\"moves\": [\"hold\"], \"say\": \"a \\\"b\\\"\"}', (HOLD,), 'a "b"', "repaired"),
    (r'"{\n  \"moves\": [\"hold\"],\n  \"say\": \"a\"\n}"', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold"], "say": "It is "fair", and I laugh."}', (HOLD,), 'It is "fair", and I laugh.', "repaired"),
    ('{"moves": ["hold"], "say": "It is "fair""}', (HOLD,), 'It is "fair"', "repaired"),
    ('{"moves": ["hold"], "say": "I call it "fair": a lie."}', (HOLD,), 'I call it "fair": a lie.', "repaired"),
    ('{"moves": ["hold"], "say": "read {"moves": ["sell coal"]} now."}',
     (HOLD,), 'read "moves": ["sell coal"] now.', "salvaged"),
    ('{"moves": ["hold"], "say": "a"\n"aside": "b"}', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold", "say": "a"}', (HOLD,), "a", "repaired"),
    ('{"moves":\ufeff ["hold"],\u200b "say": "a"}', (HOLD,), "a", "repaired"),
    (r'{\"moves\": [\"hold\"], \"say\": \"a \\\"}\\\" b\"}', (HOLD,), 'a "" b', "salvaged"),
    (r'"{\"moves\": [\"hold\"], \"say\": \"I wa', (HOLD,), "I wa", "repaired"),
    # 5. cut off
    ('{"moves": ["hold"], "say": "a\\', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold"], "say": "a\\\\', (HOLD,), "a\\", "repaired"),
    ('{"moves": ["hold"], "say": "a \\u00', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold"], "say": "a \\ud83c\\udf', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold"], "say": "read {\\"moves\\": [\\"sell coal\\"]} n',
     (HOLD,), 'read "moves": ["sell coal"] n', "salvaged"),
    ('{"moves": ["hold", "buy rye', (HOLD, RYE), None, "repaired"),
    ('{"moves": ["hold", "buy rye at', (HOLD,), None, "salvaged"),
    ('{"moves": ["buy ry', None, None, "refused"),
    ("{moves: [hold, buy r", (HOLD,), None, "salvaged"),
    ('{"moves": ["hold"], "sa', (HOLD,), None, "repaired"),
    ('{"moves": ["hold"], "say": "a<|im_end|>', (HOLD,), "a", "repaired"),
    ('```json\n{"moves": ["hold"], "say": "a"\n```', (HOLD,), "a", "repaired"),
    ('{"moves": [{"move": "hold"}, {"move": "buy r', (HOLD,), None, "salvaged"),
    ('{"name": "reply", "arguments": "{\\"moves\\": [\\"hold\\"], \\"say\\": \\"I wai', (HOLD,), "I wai", "repaired"),
    # 6. names and wrappers
    ('{"action": "hold", "MOVES": ["buy rye"], "message": "a", "Say": "b"}', (RYE,), "b", "repaired"),
    ('{"moves": [], "action": "hold"}', None, None, "refused"),
    ('{"choices": [{"choice": "hold"}], "dialogue": "a"}', (HOLD,), "a", "repaired"),
    ('{"parameters": {"moves": ["hold"], "say": "a"}}', (HOLD,), "a", "repaired"),
    ('{"arguments": "{\\"moves\\": [\\"hold\\"], \\"say\\": \\"a\\"}"}', (HOLD,), "a", "repaired"),
    ('[{"moves": ["hold"], "say": "a"}]', (HOLD,), "a", "repaired"),
    ('<tool_call>{"name": "reply", "arguments": {"moves": ["hold"]}}</tool_call>', (HOLD,), None, "repaired"),
    ('{"moves": {"move": "hold"}, "say": "a"}', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold"], "say": "a", "mood": {"moves": ["buy rye"]}}', (HOLD,), "a", "repaired"),
]  # fmt: skip

LINES: list[Case] = [
    # 7. lists, lines, bullets, bare phrases
    ('I choose ["buy rye"], no: ["hold", "buy rye"].', (HOLD, RYE), None, "repaired"),
    ("My choice: [buy rye, hold] [sic]", (RYE, HOLD), None, "repaired"),
    ('["hold", "buy r', (HOLD,), None, "salvaged"),
    ('["buy gold"]', None, None, "refused"),
    ("**Moves:**\n- buy rye\n- hold\n\n**Say:** *Hello*", (RYE, HOLD), "*Hello*", "repaired"),
    ('- **Moves**: [buy rye, "hold"]\n- **Say**: "Hello."', (RYE, HOLD), "Hello.", "repaired"),
    ('moves: ["buy rye",\n  "hold"]\nsay: |\n  One\n  two\nmood: sly', (RYE, HOLD), "One two", "repaired"),
    ('action:\n  1. hold\nsay: "Rye," he said, "is dear."', (HOLD,), '"Rye," he said, "is dear."', "repaired"),
    ("```yaml\nmoves:\n- buy rye: cheap\nsay: ~\n```", (RYE,), None, "salvaged"),
    ("moves: buy rye\nsay: a\n\nmoves: hold", (HOLD,), None, "repaired"),
    ("moves: []\nsay: I buy rye.", None, None, "refused"),
    ("1) buy rye\n\n2) hold", (RYE, HOLD), None, "repaired"),
    ("- buy rye\n- buy gold", (RYE,), None, "salvaged"),
    ("BUY_RYE, and hold.", (RYE, HOLD), None, "repaired"),
    ("<|im_start|>assistant\n**hold**<|im_end|>", (HOLD,), None, "repaired"),
    ("```\nhold\n```", (HOLD,), None, "repaired"),
    # 8. prose
    ("<move>Buy  rye</move>", (RYE,), None, "salvaged"),
    ("I'd not wait. I buy\nrye now.", (RYE,), None, "salvaged"),
    ("- buy rye\nand so to bed", (RYE,), None, "salvaged"),
    ("I would never buy rye.", None, None, "refused"),
    ("I cannot buy rye!", None, None, "refused"),
    ("I don't buy rye", None, None, "refused"),
    ("I don’t buy rye", None, None, "refused"),
    ("Sleep instead of this: buy rye", None, None, "refused"),
    ("I buy rye rather than sit", None, None, "refused"),
    ("I buy rye. I do NOT buy rye.", None, None, "refused"),
    ("The buy rye_mill", None, None, "refused"),
    ("I rebuy ryes, buy-rye", None, None, "refused"),
    ("nothing else: buy rye it is", (RYE,), None, "salvaged"),
]

PHRASES: list[Case] = [
    # 9. the normal form
    ('{"moves": ["3) BUY_Rye.", "* **Sell:coal**"], "say": "a"}', (RYE, COAL), "a", "repaired"),
    ('{"moves": ["buy\\u200b rye\\ufe0f"], "say": "a"}', (RYE,), "a", "repaired"),
    ('{"moves": ["buy rye<|im_end|>"], "say": "a"}', (RYE,), "a", "salvaged"),
    ('{"moves": ["buyrye"], "say": "a"}', None, None, "refused"),
    ('{"moves": ["buy rуe"], "say": "a"}', None, None, "refused"),
    ('{"moves": ["buy rye\u0301"], "say": "a"}', None, None, "refused"),
    # 10. words around a phrase, joined phrases
    ('{"moves": ["buy rye for noon"], "say": "a"}', (RYE,), "a", "salvaged"),
    ('{"moves": ["buy ryes"], "say": "a"}', None, None, "refused"),
    ('{"moves": ["I buy rye"], "say": "a"}', None, None, "refused"),
    ('{"moves": ["buy rye; hold"], "say": "a"}', (RYE, HOLD), "a", "repaired"),
    ('{"moves": ["buy rye\\nhold"], "say": "a"}', (RYE, HOLD), "a", "repaired"),
    ('{"moves": ["buy rye, and hold"], "say": "a"}', (RYE, HOLD), "a", "repaired"),
    ('{"moves": ["buy rye and coal"], "say": "a"}', (RYE,), "a", "salvaged"),
    # 11. what is dropped
    ('{"moves": ["hold", "hold", "buy rye", "hold"], "say": "a"}', (HOLD, RYE), "a", "repaired"),
    ('{"moves": ["hold", "", null], "say": "a"}', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold", 3], "say": "a"}', (HOLD,), "a", "salvaged"),
    ('{"moves": ["1"], "say": "a"}', None, None, "refused"),
    ('{"moves": ["holding"], "say": "a"}', None, None, "refused"),
    ('{"moves": ["hold", "buy rye", "sell coal"], "say": "a"}', (HOLD, RYE), "a", "salvaged"),
    # verdicts of the line
    ('\n{"moves": ["hold"], "say": "a", "aside": null} ', (HOLD,), "a", "clean"),
    ('{"moves": ["hold"], "say": "a", "mood": "b"}', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold", "hold"], "say": "a"}', (HOLD,), "a", "repaired"),
    ('{"moves": ["hold"], "say": " a\\u00a0b"}', (HOLD,), "a b", "repaired"),
    ('{"moves": ["hold"], "say": ["a"]}', (HOLD,), None, "salvaged"),
    ('{"moves": ["hold"], "say": 5}', (HOLD,), None, "salvaged"),
    ('{"moves": ["hold"], "say": "{}"}', (HOLD,), None, "salvaged"),
    ('{"moves": ["hold"], "say": ""}', (HOLD,), None, "repaired"),
    ('{"moves": ["hold"], "moves": ["hold"], "say": "a"}', (HOLD,), "a", "repaired"),
]


@pytest.mark.parametrize("case", FINDING + SYNTAX + LINES + PHRASES, ids=lambda case: case[0][:50])
def test_rule(case: Case) -> None:
    check(case)


@pytest.mark.parametrize(
    "case",
    [
        ("buy rye flour", ("buy rye flour",), None, "repaired"),
        ('{"moves": ["buy rye flour now"]}', None, None, "refused"),  # two phrases are a prefix
        ('{"moves": ["buy rye now"]}', ("buy rye",), None, "salvaged"),
        ('{"moves": ["buy rye', None, None, "refused"),  # it begins another
        ('{"moves": ["buy rye"', ("buy rye",), None, "repaired"),  # it was closed
        ("I shall buy rye flour.", None, None, "refused"),
        ('{"moves": ["say: nothing"], "say": null}', ("say nothing",), None, "repaired"),
    ],
    ids=lambda case: case[0],
)
def test_phrase_that_begins_another(case: Case) -> None:
    check(case, NESTED_MENU)


def test_look_alike_letters_do_not_match() -> None:
    assert read('{"moves": ["bribe brock"]}', ("bribe brock",)).moves == ("bribe brock",)
    assert read('{"moves": ["bribe broc\N{KELVIN SIGN}"]}', ("bribe brock",)).moves is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "empty"),
        ("<|im_end|>\n", "empty"),
        ("<|channel|>analysis<|message|>hold", "no final channel"),
        ("<think>hold", "unclosed think"),
        ("Good morning.", "no object"),
        ('{"moves": []}', "no moves"),
        ('{"moves": ["buy gold"]}', "off menu"),
        ("buy rye or else hold", "ambiguous"),
        ("never buy rye", "negated"),
    ],
)
def test_refusal_names_its_reason(raw: str, reason: str) -> None:
    assert read(raw).reason == reason


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\x1b[31mRed\x1b[0m \x1b]0;title\x07and\x1b]8;;u\x1b\\ blue\x1b", "Red and blue"),
        ("a\x00b\x7fc\x85d", "abc d"),
        ("\ufeffz\u200dw\u2060j \u202ert\u2069 \ud800s", "zwj rt s"),
        ("<s<s>>a<|im<|x|>_end|>b<｜eot｜>c</s>[INST]d[/INST]<<SYS>>e<</SYS>>", "abcde"),
        ("<{|im_end|}>a", "a"),
        ("{price} {pri{x}ce} {{good}} {Price} { day } {}", "{price} prixce {good} Price day"),
        ("a\n\n b\t\u2003c \u00a0", "a b c"),
        ("<b>Rye</b> **is** [[dear]] > \"so\" 'so' ❤️", "<b>Rye</b> **is** [[dear]] > \"so\" 'so' ❤️"),
        ("{}", None),
        (LONG + " bc", LONG + " bc"),
        (LONG + " bc d", LONG + " bc"),
        (LONG + "d bc", LONG + "d"),
        ("b" * 161, "b" * 160),
        (LONG + "{price}", LONG + "pr"),
    ],
)
def test_line_is_cleaned(text: str, line: str | None) -> None:
    assert clean_say(text, MOVE_SLOTS) == line


def test_slots_are_named_by_the_caller() -> None:
    assert clean_say("{debt} since {since}", MOVE_SLOTS | {"debt"}) == "{debt} since since"
    reply = parse_reply('{"moves": ["hold"], "say": "{debt}"}', MENU, 1, slots=MOVE_SLOTS | {"debt"})
    assert (reply.say, reply.verdict) == ("{debt}", Verdict.CLEAN)


def test_aside_is_kept_apart() -> None:
    assert read('{"moves": ["hold"], "say": "a", "aside": "He {will} not pay."}').aside == "He will not pay."
    assert read('{"moves": ["gold"], "say": "a", "aside": "b"}').aside is None


@pytest.mark.parametrize(
    "unit",
    ["{", "[", '"', "\\", '{"moves":', "<think>", "</think>", '{"', '{"a": "', '\n{"reply": "', '{"a":["', "['x', ",
     "\x1b[", "<|", "<s", "moves: [\n", "- ", " ", "\n", "buy rye, ", "not ", '{"b": {}, ', "<|channel|>"],
)  # fmt: skip
def test_hostile_repetition_ends(unit: str) -> None:
    flood = unit * (60_000 // len(unit))
    for raw in (flood, '{"moves": ["hold"], "say": "' + flood, '{"moves": ["' + flood):
        assert read(raw).moves in (None, (RYE,), (HOLD,))


def test_depth_does_not_hide_the_answer() -> None:
    answer = '{"moves": ["hold"], "say": "a"}'
    assert read('{"x":' * 20_000 + answer).say == "a"
    assert read("[" * 20_000 + answer).say == "a"
    assert read('{"moves": ' + "[" * 20_000 + '"hold"' + "]" * 20_000 + ', "say": "a"}').say == "a"
    assert read('{"moves": ' + '{"move": ' * 20_000 + '"hold"' + "}" * 20_000 + ', "say": "a"}').say == "a"


def test_of_an_endless_reply_the_end_counts() -> None:
    answer = '{"moves": ["hold"], "say": "a"}'
    assert read("weather " * (MAX_REPLY_CHARACTERS // 8 + 1) + answer).say == "a"
    assert read(answer + "weather " * (MAX_REPLY_CHARACTERS // 8 + 1)).moves is None


FRAGMENTS = (
    '{"moves": [', '"buy rye"', "'hold'", "]", "}", "{", '"say": ', '"', "\\", "\\u00", ",", ":", "\n", "- ", " and ",
    "<think>", "</think>", "<|channel|>final<|message|>", "<|im_end|>", "User:", "moves:", "sell coal", "not", "\ud83d",
    "\u200b", "{price}", "<s", ">", "|>", "[", "```", '{"response": ', '"{\\"moves\\": [\\"hold\\"]}"', "\x1b[", "é",
)  # fmt: skip
HOSTILE = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=25).map("".join)


def squeezed(text: str) -> str:
    """Letters and digits only."""
    return "".join(character for character in text.lower() if character.isalnum())


def occurs(phrase: str, raw: str) -> bool:
    """Whether a phrase stands in a reply, marks and escapes out of the way or not: an oracle that shares nothing
    with the parser."""
    raw = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), raw)
    readings = [raw]
    for noise in (r"\x1b\[[0-?]*[ -/]*[@-~]", r"<\|[^<>]*\|>|</?s>", r"\\[nrtbf]"):
        readings += [re.sub(noise, "", reading) for reading in readings]
    return any(squeezed(phrase) in squeezed(reading) for reading in readings)


def assert_lawful(raw: str, menu: tuple[str, ...], max_moves: int) -> None:
    reply = parse_reply(raw, menu, max_moves)
    assert (reply.verdict is Verdict.REFUSED) == (reply.moves is None) == bool(reply.reason)
    if reply.moves is None:
        assert reply.say is None
        return
    assert 0 < len(reply.moves) <= max_moves
    assert len(set(reply.moves)) == len(reply.moves)
    for move in reply.moves:
        assert move in menu
        assert occurs(move, raw)
    if reply.say is not None:
        assert clean_say(reply.say, MOVE_SLOTS) == reply.say


@given(st.text() | HOSTILE, st.integers(0, 3))
@settings(max_examples=400, deadline=None)
def test_any_text_is_parsed_lawfully(raw: str, max_moves: int) -> None:
    assert_lawful(raw, MENU, max_moves)


@given(HOSTILE)
@settings(max_examples=400, deadline=None)
def test_a_cleaned_line_is_clean(text: str) -> None:
    line = clean_say(text, MOVE_SLOTS)
    if line is None:
        return
    assert clean_say(line, MOVE_SLOTS) == line
    assert line == " ".join(line.split())
    assert len(line) <= 160
    assert not re.search(r"[{}]", re.sub(r"\{(?:price|good|qty|to|me|day)\}", "", line))
    assert not re.search("[\x00-\x1f\u200b-\u200f\u202a-\u202e\ud800-\udfff]|<\\|[^<>]+\\|>|</?s>", line)


@given(
    st.lists(st.sampled_from(MENU), min_size=1, max_size=3, unique=True),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), max_size=150),
    st.none() | st.just("He will not pay."),
    st.booleans(),
)
@settings(max_examples=300, deadline=None)
def test_a_strict_reply_round_trips(moves: list[str], text: str, aside: str | None, ascii_only: bool) -> None:
    say = clean_say(text, MOVE_SLOTS)
    if say is None:
        return
    raw = json.dumps({"moves": moves, "say": say, "aside": aside}, ensure_ascii=ascii_only)
    assert parse_reply(raw, MENU, 3) == Reply(tuple(moves), say, aside, Verdict.CLEAN)
    wrapped = parse_reply(f"Here:\n```json\n{raw}\n```", MENU, 3)
    assert wrapped == Reply(tuple(moves), say, aside, Verdict.REPAIRED)


def test_mutated_samples_are_parsed_lawfully() -> None:
    lot = random.Random(1720)
    short = [sample for sample in SAMPLES if len(sample["raw"]) < 2_000]
    for _ in range(4_000):
        sample = lot.choice(short)
        raw = sample["raw"]
        for _ in range(lot.randint(1, 4)):
            start = lot.randrange(len(raw) + 1)
            end = min(len(raw), start + lot.choice((0, 0, 1, 1, 2, 10)))
            raw = raw[:start] + lot.choice(("", "", *FRAGMENTS, lot.choice(short)["raw"])) + raw[end:]
        assert_lawful(raw, tuple(sample["menu"]), sample["max_moves"])
