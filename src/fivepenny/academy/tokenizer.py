"""One byte-level BPE tokenizer for the whole company, with whole words for cues.

The two control tokens have ids but no merges lead to them, and they are not registered as added tokens: no text
can become one, whatever it contains. This module does not know models or what the cue words mean.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Regex, Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Split
from tokenizers.pre_tokenizers import Sequence as Steps
from tokenizers.trainers import BpeTrainer

from fivepenny.errors import WrongUse

BEGIN = "<|begin|>"
END = "<|end|>"
BEGIN_ID = 0
END_ID = 1

DIGITS = tuple("0123456789")
# How often a cue word is repeated beside the text: doubled from the first until all are whole.
REPEATS_FIRST = 64
REPEATS_MAX = 1 << 16


@dataclass(frozen=True, slots=True)
class CueTokenizer:
    """Text to ids and back. Every text round-trips; ids 0 and 1 never come from text."""

    inner: Tokenizer

    @property
    def size(self) -> int:
        """Number of tokens, the two control tokens included."""
        return int(self.inner.get_vocab_size())

    def encode(self, text: str) -> list[int]:
        """Ids of a text, without control tokens."""
        return list(self.inner.encode(text, add_special_tokens=False).ids)

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of many texts, as `encode` gives them."""
        return [row.ids for row in self.inner.encode_batch_fast(list(texts), add_special_tokens=False)]

    def decode(self, ids: Iterable[int]) -> str:
        """The text of ids; control tokens are left out."""
        return str(self.inner.decode([token for token in ids if token not in (BEGIN_ID, END_ID)]))

    def vocabulary(self) -> list[str]:
        """Every token in the byte-level alphabet, by id."""
        by_id = sorted(self.inner.get_vocab().items(), key=lambda entry: entry[1])
        return [token for token, _ in by_id]

    def merges(self) -> list[str]:
        """The merges in order of rank, each as two parts with a space between."""
        return [" ".join(pair) for pair in _model_of(self.inner)["merges"]]

    def save(self, path: Path) -> None:
        """Write `tokenizer.json`, whole or not at all."""
        draft = path.with_name(path.name + ".draft")
        self.inner.save(str(draft))
        draft.replace(path)

    @classmethod
    def load(cls, path: Path) -> "CueTokenizer":
        """Read `tokenizer.json`. Raises `WrongUse` for anything that is not one of ours."""
        try:
            inner = Tokenizer.from_str(path.read_text(encoding="utf-8"))
        except Exception as fault:  # the library raises the bare class
            raise WrongUse(f"{path}: cannot read this tokenizer: {fault}") from fault
        found = (inner.token_to_id(BEGIN), inner.token_to_id(END))
        if found != (BEGIN_ID, END_ID) or json.loads(inner.to_str())["added_tokens"]:
            raise WrongUse(f"{path}: not a tokenizer of this academy: control tokens must be ids 0 and 1, unparsed")
        return cls(inner)


def train_tokenizer(texts: Iterable[str], cue_words: Sequence[str], vocabulary: int) -> CueTokenizer:
    """Learn merges from texts so that each cue word with a space before it is one token.

    Cue words are repeated beside the text, twice as often each time, until every one is whole; digits take part
    so that ' 0' to ' 9' are tokens, and never merge with one another. Raises `WrongUse` where a word cannot be
    one token or the vocabulary is too small.
    """
    words = tuple(dict.fromkeys([*DIGITS, *cue_words]))
    _check_words(words)
    corpus = list(texts)
    # No pair of letters is in the text more often than it has letters: more repeats would change nothing.
    ceiling = min(REPEATS_MAX, 2 * sum(len(text) for text in corpus))
    repeats = REPEATS_FIRST
    while repeats <= max(REPEATS_FIRST, ceiling):
        tokenizer = _trained_once(corpus, words, repeats, vocabulary)
        broken = [word for word in words if len(tokenizer.encode(f" {word}")) != 1]
        if not broken:
            return tokenizer
        repeats *= 2
    raise WrongUse(f"a vocabulary of {vocabulary} is too small for the cue words: {broken[0]!r} stays split")


def _check_words(words: Sequence[str]) -> None:
    """A word that the pre-tokenizer splits can never become one token."""
    splitter = ByteLevel(add_prefix_space=False)
    for word in words:
        pieces = splitter.pre_tokenize_str(f" {word}")
        if not word or len(pieces) != 1 or (word.isdigit() and len(word) > 1):
            raise WrongUse(f"cue word {word!r} cannot be one token: use letters only, or one digit")


def _trained_once(corpus: Sequence[str], words: Sequence[str], repeats: int, vocabulary: int) -> CueTokenizer:
    learner = Tokenizer(BPE())
    # Digits stand alone while merges are learned, so no merge of two digits exists afterwards.
    learner.pre_tokenizer = Steps([Split(Regex(r" ?\p{N}"), "isolated"), ByteLevel(add_prefix_space=False)])
    trainer = BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=[BEGIN, END],
        initial_alphabet=sorted(ByteLevel.alphabet()),
        show_progress=False,
    )
    learner.train_from_iterator(_with_repeats(corpus, words, repeats), trainer)
    model = _model_of(learner)
    merges = [(left, right) for left, right in model["merges"]]
    inner = Tokenizer(BPE(vocab=model["vocab"], merges=merges))
    inner.pre_tokenizer = ByteLevel(add_prefix_space=False)
    inner.decoder = ByteLevelDecoder()
    return CueTokenizer(inner)


def _with_repeats(corpus: Sequence[str], words: Sequence[str], repeats: int) -> Iterator[str]:
    yield from corpus
    for word in words:
        yield f" {word}" * repeats


def _model_of(tokenizer: Tokenizer) -> dict[str, Any]:
    model: dict[str, Any] = json.loads(tokenizer.to_str())["model"]
    return model
