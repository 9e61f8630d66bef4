"""The reply parser under fire: seeded mutations of the reply samples, judged by a reader that shares no code with it.

100,000 mutations in all. The default run takes every tenth (it shares two cores with the rest of the tests); all of
them run where FIVEPENNY_ALL_MUTATIONS is set. Each mutation has a seed of its own, so that a failure names it.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import pytest

from fivepenny.minds.reply import Reply, Verdict, parse_reply

MUTATIONS = 100_000
STRIDE = 1 if os.environ.get("FIVEPENNY_ALL_MUTATIONS") else 10
SHARES = 10  # tests that the mutations are dealt out to
LONG_CHARACTERS = 2_000
LONG_EVERY = 2_000  # one mutation in so many is of the long sample

SAMPLES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "replies.jsonl").read_text(encoding="utf-8").splitlines()
]
SHORT = [sample for sample in SAMPLES if len(sample["raw"]) < LONG_CHARACTERS]
LONG = [sample for sample in SAMPLES if len(sample["raw"]) >= LONG_CHARACTERS]

# ---- mutations ----

TOKENS = (
    "<|im_end|>", "<|im_start|>assistant\n", "<|im_start|>user\n", "<start_of_turn>model\n", "<end_of_turn>", "<s>",
    "</s>", "[INST]", "[/INST]", "<<SYS>>", "<｜end▁of▁sentence｜>", "<|channel|>final<|message|>", "<|",
    "<|channel|>analysis<|message|>", "<think>", "</think>", "|>", "<tool_call>", "```json\n", "```", "User:",
    "### Instruction",
)  # fmt: skip
QUOTES = ('"', "'", "“", "”", "„", "‘", "’", '\\"', '\\\\"', '"""', "`")
CONTROLS = (
    "\x00", "\x07", "\x08", "\x1b", "\x1b[31m", "\x1b]0;t\x07", "\x7f", "\x85", "\x9b2J", "\u200b", "\u200d",
    "\u202e", "\u2028", "\ufeff", "\ud83d", "\udc00", "\U000e0041", "\r", "\n", "\t", "\u00a0", "\u0301", "\ufe0f",
    "\ufdd0",
)  # fmt: skip
SWAPS = {
    "a": "аáａ𝐚", "e": "еé℮", "i": "іıİ", "o": "о0ο", "y": "уý", "r": "гⓡ", "k": "\u212aκ", "s": "ſѕ",
    " ": "\u00a0\u2003_-", '"': "“”„″", ":": "：∶", ",": "，،", "{": "｛", "}": "｝", "[": "［", "]": "］",
    "<": "＜", "|": "｜", "1": "١①",
}  # fmt: skip
WRAPPERS = ("response", "reply", "output", "arguments", "parameters", "moves", "answer", "x")

Mutator = Callable[[str, Random], str]


def flip_bits(raw: str, lot: Random) -> str:
    characters = list(raw)
    for _ in range(min(len(characters), lot.randint(1, 4))):
        place = lot.randrange(len(characters))
        characters[place] = chr(ord(characters[place]) ^ (1 << lot.randrange(8)))
    return "".join(characters)


def cut(raw: str, lot: Random) -> str:
    first, second = sorted((lot.randrange(len(raw) + 1), lot.randrange(len(raw) + 1)))
    return lot.choice((raw[:second], raw[:second], raw[first:], raw[:first] + raw[second:], raw + raw[first:second]))


def splice(raw: str, lot: Random) -> str:
    other = lot.choice(SHORT)["raw"]
    return raw[: lot.randrange(len(raw) + 1)] + other[lot.randrange(len(other) + 1) :]


def double_braces(raw: str, lot: Random) -> str:
    mark = lot.choice("{}[]")
    return raw.replace(mark, mark * 2, lot.choice((-1, 1)))


def insert_from(pieces: tuple[str, ...]) -> Mutator:
    def insert(raw: str, lot: Random) -> str:
        for _ in range(lot.randint(1, 3)):
            place = lot.randrange(len(raw) + 1)
            raw = raw[:place] + lot.choice(pieces) + raw[place:]
        return raw

    return insert


def swap_characters(raw: str, lot: Random) -> str:
    places = [place for place, character in enumerate(raw[:LONG_CHARACTERS]) if character in SWAPS]
    for place in lot.sample(places, min(len(places), lot.randint(1, 3))):
        raw = raw[:place] + lot.choice(SWAPS[raw[place]]) + raw[place + 1 :] if raw[place] in SWAPS else raw
    return raw


def nest(raw: str, lot: Random) -> str:
    depth = lot.choice((1, 1, 2, 3, 10, 60))
    match lot.randrange(4):
        case 0:
            return "[" * depth + raw + "]" * (depth - lot.randrange(2))
        case 1:
            return f'{{"{lot.choice(WRAPPERS)}": ' * depth + raw + "}" * (depth - lot.randrange(2))
        case 2:
            return json.dumps({lot.choice(WRAPPERS): raw})
        case _:
            return json.dumps(raw, ensure_ascii=lot.random() < 0.5)


def escape_letters(raw: str, lot: Random) -> str:
    place = lot.randrange(len(raw) + 1)
    escaped = "".join(f"\\u{ord(mark):04x}" for mark in raw[place : place + 3] if ord(mark) < 0x10000)
    return raw[:place] + escaped + raw[place + 3 :]


MUTATORS: tuple[Mutator, ...] = (
    flip_bits, cut, splice, double_braces, insert_from(TOKENS), insert_from(QUOTES), insert_from(CONTROLS),
    swap_characters, nest, escape_letters,
)  # fmt: skip


def mutation(seed: int) -> tuple[str, tuple[str, ...], int]:
    """The mutated reply of this seed, with the menu and the bound that its sample was asked with."""
    lot = Random(seed)
    sample = lot.choice(LONG if seed % LONG_EVERY == 0 else SHORT)
    raw = sample["raw"]
    for _ in range(lot.randint(1, 4)):
        raw = lot.choice(MUTATORS)(raw, lot)
    return raw, tuple(sample["menu"]), sample["max_moves"]


# ---- a second reader, which knows only what a phrase and a line may look like ----

INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
)
NAMED_TOKEN = r"</?s>|<(?:bos|eos|pad|unk|start_of_turn|end_of_turn)>|\[/?INST\]|<</?SYS>>"
ANSI = r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
TOKEN = rf"<\|(?:(?!<\||\|>)[\s\S])*\|>|<｜(?:(?!<｜|｜>)[\s\S])*｜>|{NAMED_TOKEN}"
NOISE = rf"(?:[{INVISIBLE}]|{ANSI}|{TOKEN})*"
# An escape sequence may hold a quotation mark; read over the end of a string it would eat what follows.
NOISE_IN_STRING = rf"(?:[{INVISIBLE}]|\x1b\[[0-?]*[!#-&(-/]*[@-~]|{TOKEN})*"
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
DEEPEST_ESCAPE = 4
SLOT = re.compile(r"\{(?:price|good|qty|to|me|day)\}")


@cache
def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """A phrase as it may stand in a reply: whole words, any case, with noise between any two characters."""
    # One class for all single characters, and no repetition within a repetition: a pattern that tries every way of
    # dividing a run of blanks would take minutes over it.
    gap = rf"{NOISE}[\s_:-](?:[\s_:{INVISIBLE}-]|{ANSI}|{TOKEN})*"
    # A class of two letters instead of a flag: the flag takes the Kelvin sign for a k.
    words = (NOISE.join(f"[{letter.lower()}{letter.upper()}]" for letter in word) for word in phrase.split())
    return re.compile(rf"(?<![^\W_]){gap.join(words)}(?!{NOISE_IN_STRING}[^\W_])")


def unescaped(text: str) -> str:
    """One level of JSON's escapes resolved."""

    def resolved(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1], 16))
        return LETTERS.get(match[2], "\\" + match[2] if match[2].isalnum() else match[2])

    return ESCAPE.sub(resolved, text)


def without_marks(text: str) -> str:
    """The text without what cannot be seen and without template tokens, those too that appear where one goes."""
    text, before = re.sub(f"[{INVISIBLE}]", "", re.sub(ANSI, "", text)), None
    while before != text:
        before, text = text, re.sub(TOKEN, "", text)
    return text


def stands_in(phrase: str, raw: str) -> bool:
    """Whether a phrase stands in a reply in any reading: its escapes resolved so many times, its marks out or not."""
    pattern = phrase_pattern(phrase)
    # Where a channel, a message or a thought begins, something else ends: such a mark is a border as well.
    for reading in (raw, re.sub(r"(?i:<\|(?:channel|start)\|>|</?think>)", "\n", raw)):
        for _ in range(DEEPEST_ESCAPE):
            if pattern.search(reading) or pattern.search(without_marks(reading)):
                return True
            reading = unescaped(reading)
    return False


def fault_of_line(say: str) -> str:
    """What a spoken line may not be (rules 12 and 13), or nothing."""
    if not say or len(say) > 160 or say != " ".join(say.split()):
        return "length or white space"
    if re.search(r"[{}]", SLOT.sub("", say)):
        return "brace"
    if re.search(rf"[{INVISIBLE}]", re.sub("[\ufe00-\ufe0f]", "", say)):
        return "character that cannot be seen"
    return "token" if re.search(TOKEN, say) else ""


def strictly(raw: str, menu: tuple[str, ...], max_moves: int) -> tuple[tuple[str, ...], str] | None:
    """Moves and line of a reply that is strict JSON of exactly the schema with nothing to change (verdict clean)."""
    keys: list[str] = []
    try:
        found = json.loads(
            raw.strip(" \t\r\n"), object_pairs_hook=lambda pairs: keys.extend(key for key, _ in pairs) or dict(pairs)
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or sorted(keys) not in (["moves", "say"], ["aside", "moves", "say"]):
        return None
    moves, say, aside = found["moves"], found["say"], found.get("aside")
    if not isinstance(moves, list) or not isinstance(say, str) or not (aside is None or isinstance(aside, str)):
        return None
    if fault_of_line(say) or not 1 <= len(moves) <= max_moves or not all(move in menu for move in moves):
        return None
    return (tuple(moves), say) if len(set(moves)) == len(moves) else None


def faults(reply: Reply, raw: str, menu: tuple[str, ...], max_moves: int) -> list[str]:
    """How an answer of the parser breaks the contract."""
    found: list[str] = []
    refused = reply.verdict is Verdict.REFUSED
    if refused != (reply.moves is None) or refused != bool(reply.reason):
        found.append("moves, reason and verdict disagree")
    clean = strictly(raw, menu, max_moves)
    if (reply.verdict is Verdict.CLEAN) != (clean is not None):
        found.append("clean is what is strict, and nothing else")
    if clean is not None and clean != (reply.moves, reply.say):
        found.append("a strict reply was changed")
    if reply.moves is None:
        return found + (["a refused reply spoke"] if reply.say is not None or reply.aside is not None else [])
    if not 1 <= len(reply.moves) <= max_moves or len(set(reply.moves)) != len(reply.moves):
        found.append("too many moves, or none, or twice the same")
    for move in reply.moves:
        if move not in menu:
            found.append(f"{move!r} is not on the menu")
        elif not stands_in(move, raw):
            found.append(f"{move!r} stands nowhere in the reply")
    for text in (reply.say, reply.aside):
        if text is not None and fault_of_line(text):
            found.append(f"line: {fault_of_line(text)}")
    return found


# ---- the tests ----


@pytest.mark.parametrize("share", range(SHARES))
def test_mutations_are_read_by_the_contract(share: int) -> None:
    verdicts: Counter[str] = Counter()
    for seed in range(share, MUTATIONS, SHARES * STRIDE):
        raw, menu, max_moves = mutation(seed)
        reply = parse_reply(raw, menu, max_moves)
        assert not faults(reply, raw, menu, max_moves), f"mutation({seed})"
        assert parse_reply(raw, menu[::-1], max_moves) == reply, f"mutation({seed}): the order of the menu matters"
        verdicts[reply.verdict] += 1
    # Mutations that only ever broke replies, or never did, would test nothing.
    assert min(verdicts[verdict] for verdict in Verdict) >= 1


# What the mutations and a fuzzer found, each with the least reply that showed it.


@pytest.mark.parametrize(
    "raw",
    [
        "I buy <think>sell it</think> rye.",
        'I buy {"mood": 1} rye.',
        "- buy<|channel|>final<|message|> rye",
        "{'moves': ['buy <think>no</think> rye']}",
    ],
)
def test_words_on_either_side_of_what_was_cut_out_make_no_phrase(raw: str) -> None:
    assert parse_reply(raw, ("buy rye", "hold"), 1).moves is None


@pytest.mark.parametrize(
    "raw",
    [
        "- buy rye\n<think>and then</think>\n- hold",
        '{"moves": <think>well</think> ["buy rye", "hold"]}',
        'buy rye\n{"mood": 1}\nhold',
        "<|channel|>final<|message|>moves:\n- buy rye<|end|><|channel|>final<|message|>- hold",
    ],
)
def test_what_was_cut_out_between_two_phrases_keeps_both(raw: str) -> None:
    assert parse_reply(raw, ("buy rye", "hold"), 2).moves == ("buy rye", "hold")


def test_a_thought_cut_out_of_a_line_leaves_white_space() -> None:
    raw = "{'moves': ['hold'], 'say': 'Rye <think>is it?</think> is dear.'}"
    assert parse_reply(raw, ("buy rye", "hold"), 1).say == "Rye is dear."


def test_a_token_at_the_end_does_not_reach_back_over_another() -> None:
    reply = parse_reply('{"moves": ["hold<|im_start|>"], "say": "Rye is dear."}|>', ("buy rye", "hold"), 1)
    assert (reply.moves, reply.say, reply.verdict) == (("hold",), "Rye is dear.", Verdict.SALVAGED)


def test_tokens_with_either_bar_do_not_hide_each_other() -> None:
    reply = parse_reply('{"moves": ["hold"], "say": "a<|<｜end|>b"}', ("buy rye", "hold"), 1)
    assert reply.say == "ab"


@pytest.mark.parametrize(
    ("reply", "raw"),
    [
        (Reply(("hold",), None, None, Verdict.SALVAGED), "I buy rye, and withhold the rest."),
        (Reply(("buy rye",), None, None, Verdict.REPAIRED), "- buy<think>no</think> rye"),
        (Reply(("buy rye",), None, None, Verdict.SALVAGED), '["buyrye"]'),
        (Reply(("sell coal",), None, None, Verdict.REPAIRED), "- sell coal"),
        (Reply(("hold", "hold"), None, None, Verdict.REPAIRED), "hold"),
        (Reply(None, "a", None, Verdict.REFUSED, "off menu"), "gold"),
        (Reply(None, None, None, Verdict.REFUSED), "gold"),
        (Reply(("hold",), "a", None, Verdict.CLEAN), "{'moves': ['hold'], 'say': 'a'}"),
        (Reply(("hold",), "a", None, Verdict.REPAIRED), '{"moves": ["hold"], "say": "a"}'),
        (Reply(("hold",), "a<|x|>b", None, Verdict.REPAIRED), "hold"),
        (Reply(("hold",), "a {purse}", None, Verdict.REPAIRED), "hold"),
    ],
)
def test_the_second_reader_finds_fault(reply: Reply, raw: str) -> None:
    """Positive control: answers that no parser may give."""
    assert faults(reply, raw, ("buy rye", "hold"), 2)
