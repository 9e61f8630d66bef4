"""What fits this machine: the rule for memory, the disk, and the lines of the doctor."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.cli.main import run
from fivepenny.minds import hub, room
from fivepenny.minds.room import GIBIBYTE, MEBIBYTE, Need, fits, memory_for
from fivepenny.minds.touring import catalogue, company_names, own_path

OWN = """
[companies]
mine = ["one", "qwen2.5-0.5b"]

[[models]]
name = "one"
title = "One"
lab = "A Lab"
family = "llama"
parameters = 1_000
licence = "MIT"
outputs = "yes"
context_tokens = 512
reference = "hf://a/b/one-Q8_0.gguf"
quantisation = "Q8_0"
size_bytes = 1_000_000
"""


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is pulled, and the reader has no catalogue."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def record_as_pulled(reference: str, path: Path, size_bytes: int) -> None:
    with path.open("wb") as file:
        file.truncate(size_bytes)
    record = hub.record_path(hub.parse(reference))
    record.parent.mkdir(parents=True)
    record.write_text(json.dumps({"sha256": "", "size_bytes": size_bytes, "path": str(path)}))


@given(st.integers(0, 2**40))
def test_memory_is_the_file_and_a_bounded_share_more(size_bytes: int) -> None:
    more = memory_for(size_bytes) - size_bytes
    assert room.ENGINE_BYTES <= more <= room.ENGINE_BYTES + room.CONTEXT_BYTES_MAX
    assert memory_for(size_bytes + 1) > memory_for(size_bytes)


@pytest.mark.parametrize("name", company_names())
def test_a_company_wants_the_memory_of_its_files_and_the_disk_of_those_not_here(name: str, tmp_path: Path) -> None:
    members = [model for model in catalogue().models if model.name in catalogue().companies[name]]
    need = room.need_of_company(name)
    assert need.pull_bytes == sum(model.size_bytes for model in members)
    assert need.memory_bytes == sum(memory_for(model.size_bytes) for model in members)
    record_as_pulled(members[0].reference, tmp_path / "file.gguf", 4)
    assert room.need_of_company(name) == Need(need.memory_bytes, need.pull_bytes - members[0].size_bytes)


def test_the_pocket_company_is_for_a_laptop_and_the_road_company_is_not() -> None:
    laptop, server, disk = 8 * GIBIBYTE, 64 * GIBIBYTE, 100 * GIBIBYTE
    assert fits(room.need_of_house(), GIBIBYTE, 0)
    assert fits(room.need_of_company("pocket"), laptop, disk)
    assert not fits(room.need_of_company("pocket"), laptop, GIBIBYTE)
    assert not fits(room.need_of_company("road"), laptop, disk)
    assert fits(room.need_of_company("road"), server, disk)


def test_what_is_said_to_fit_leaves_a_share_free() -> None:
    need = Need(8 * GIBIBYTE, 10)
    assert fits(need, 10 * GIBIBYTE, 10)
    assert not fits(need, 10 * GIBIBYTE - 10, 10)
    assert not fits(need, 10 * GIBIBYTE, 9)
    assert fits(need, None, 10)


def test_this_process_is_measured() -> None:
    before = room.resident_bytes()
    kept = bytearray(b"x") * (64 * MEBIBYTE)
    assert room.resident_bytes() - before > 48 * MEBIBYTE
    assert len(kept) < (room.machine_memory_bytes() or 2**60)


def test_a_limit_of_the_control_group_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = room.machine_memory_bytes()
    monkeypatch.setattr(room, "_GROUP_LIMIT", tmp_path / "memory.max")
    (tmp_path / "memory.max").write_text("1048576\n")
    assert room.machine_memory_bytes() == 1_048_576
    (tmp_path / "memory.max").write_text("max\n")
    assert (room.machine_memory_bytes() or 0) >= (whole or 0)


def test_the_disk_is_that_of_the_hubs_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "not" / "there" / "yet"))
    assert room.free_disk_bytes() > 0


def test_the_doctor_says_what_fits(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    own_path().parent.mkdir(parents=True)
    own_path().write_text(OWN)
    monkeypatch.setattr(room, "machine_memory_bytes", lambda: 10 * GIBIBYTE)
    monkeypatch.setattr(room, "free_disk_bytes", lambda: 5 * GIBIBYTE)
    assert run(["doctor"]) in (0, 3)  # 3 where a house model is being made
    lines = {
        name: line
        for line in capsys.readouterr().out.splitlines()
        for name in (*company_names(), "house")
        if f"company {name} " in line
    }
    assert set(lines) == {"house", "pocket", "road", "mine"}
    assert all(" fits, about " in lines[name] and "of 10.0 GiB" in lines[name] for name in ("house", "pocket", "mine"))
    assert "does not fit, about 20.9 of 10.0 GiB" in lines["road"]
    assert "1.4 GiB to pull, 5.0 GiB free" in lines["pocket"]
    assert "pull" not in lines["house"]
