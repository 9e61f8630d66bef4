"""Fixtures that several test modules share: tiny models that llama.cpp can run."""

from pathlib import Path

import pytest

from tiny_models import write_llama, write_tokenizer


@pytest.fixture(scope="session")
def models_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `tokenizer.json` and two Llamas of other random weights, `marrow.gguf` and `quill.gguf`."""
    folder = tmp_path_factory.mktemp("models")
    tokenizer = write_tokenizer(folder / "tokenizer.json")
    write_llama(folder / "marrow.gguf", tokenizer, seed=1)
    write_llama(folder / "quill.gguf", tokenizer, seed=2)
    return folder
