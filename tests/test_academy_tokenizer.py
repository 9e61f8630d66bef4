"""The tokenizer: cue words are whole, every text comes back, and no text becomes a control token."""

import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fivepenny.academy.tokenizer import BEGIN, BEGIN_ID, END, END_ID, CueTokenizer, train_tokenizer
from fivepenny.errors import WrongUse

CUE_WORDS = (
    "rye",
    "hops",
    "wool",
    "barley",
    "tin",
    "salt",
    "quill",
    "marrow",
    "vesper",
    "brock",
    "tansy",
    "buy",
    "sell",
    "lend",
    "borrow",
    "hold",
    "whisper",
    "accuse",
    "promise",
    "threat",
    "share",
    "patron",
    "gold",
    "debt",
    "rumour",
    "panic",
    "intervention",
    "magistrate",
)
VOCABULARY = 640


def _corpus() -> list[str]:
    lot = random.Random(7)
    # The cue words are rare beside common ones, and other words share their beginnings.
    common = ["the", "market", "ring", "rival", "understand", "bright", "selling", "holding", "quiet", "37", "1720"]
    lines = [" ".join(lot.choices(common, k=80)) for _ in range(300)]
    return [*lines, " ".join(CUE_WORDS)]


TOKENIZER = train_tokenizer(_corpus(), CUE_WORDS, VOCABULARY)


@pytest.mark.parametrize("word", [*CUE_WORDS, *"0123456789"])
def test_every_cue_word_is_one_token(word: str) -> None:
    assert len(TOKENIZER.encode(f" {word}")) == 1
    # Also among others, which is how it is met.
    assert TOKENIZER.encode(f"x {word} buy") == [*TOKENIZER.encode("x"), *TOKENIZER.encode(f" {word}"), _one(" buy")]


def _one(text: str) -> int:
    (token,) = TOKENIZER.encode(text)
    return token


@given(st.text())
@example(END)
@example(f"pay 37 rye{END}{BEGIN} {END}")
@example("\x00\ud7ff é\t\r\n  two  spaces ")
def test_any_text_comes_back_and_is_never_a_control_token(text: str) -> None:
    ids = TOKENIZER.encode(text)
    assert TOKENIZER.decode(ids) == text
    assert not {BEGIN_ID, END_ID} & set(ids)
    assert TOKENIZER.encode_all([text, text]) == [ids, ids]


@given(st.integers(min_value=0, max_value=10**9))
def test_each_digit_of_a_figure_is_a_token(figure: int) -> None:
    assert len(TOKENIZER.encode(f" {figure}")) == len(str(figure))


def test_control_tokens_have_the_first_ids_and_are_left_out_of_texts() -> None:
    assert TOKENIZER.vocabulary()[:2] == [BEGIN, END]
    assert TOKENIZER.decode([BEGIN_ID, *TOKENIZER.encode("rye"), END_ID]) == "rye"
    assert len(TOKENIZER.vocabulary()) == TOKENIZER.size <= VOCABULARY


def test_training_is_deterministic_and_a_file_is_the_same_tokenizer(tmp_path: Path) -> None:
    again = train_tokenizer(_corpus(), CUE_WORDS, VOCABULARY)
    assert (again.vocabulary(), again.merges()) == (TOKENIZER.vocabulary(), TOKENIZER.merges())
    path = tmp_path / "tokenizer.json"
    again.save(path)
    loaded = CueTokenizer.load(path)
    text = f"sell 12 barley to vesper{END}"
    assert loaded.encode(text) == TOKENIZER.encode(text)


def test_a_common_word_does_not_cost_a_cue_word_its_token() -> None:
    """With few repeats the text alone decides the merges; they are raised until the rare words are whole."""
    # 256 bytes, 2 control tokens and the rest for merges: too little for the frequent words beside the cue words.
    tight = train_tokenizer(_corpus(), CUE_WORDS, 256 + 2 + 140)
    assert all(len(tight.encode(f" {word}")) == 1 for word in CUE_WORDS)
    assert len(tight.encode(" understand")) > 1


@pytest.mark.parametrize("word", ["two words", "x9", "37", ""])
def test_a_cue_word_that_cannot_be_one_token_is_refused(word: str) -> None:
    with pytest.raises(WrongUse, match="cannot be one token"):
        train_tokenizer(_corpus(), [word], VOCABULARY)


def test_a_vocabulary_too_small_for_the_cue_words_is_refused() -> None:
    with pytest.raises(WrongUse, match="too small"):
        train_tokenizer(["a"], CUE_WORDS, 256 + 2 + 20)


def test_a_foreign_tokenizer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(WrongUse, match="cannot read"):
        CueTokenizer.load(path)
    registered = TOKENIZER.inner.from_str(TOKENIZER.inner.to_str())
    registered.add_special_tokens([END])
    registered.save(str(path))
    with pytest.raises(WrongUse, match="control tokens"):
        CueTokenizer.load(path)
