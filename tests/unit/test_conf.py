"""Variables of the environment, and secrets that stand in files."""

from pathlib import Path

import pytest

from tracker.conf import secret


def test_a_secret_is_the_first_line_of_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("open sesame\n")
    monkeypatch.setenv("THING_FILE", str(tmp_path / "key"))

    assert secret("THING") == "open sesame"


def test_a_secret_given_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", "one")
    monkeypatch.setenv("THING_FILE", str(tmp_path / "key"))

    with pytest.raises(ValueError, match="THING and THING_FILE are both set"):
        secret("THING")


def test_a_secret_whose_file_is_missing_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THING_FILE", str(tmp_path / "key"))

    with pytest.raises(ValueError, match="THING_FILE cannot be read"):
        secret("THING")


def test_a_secret_that_is_not_given_is_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THING", raising=False)

    assert secret("THING", "none") == "none"
