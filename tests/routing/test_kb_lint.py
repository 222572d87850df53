"""The documents that are shipped pass the linter with the codes of the shipped town pack."""

from pathlib import Path

import pytest

from routing.kb_lint import main

ROOT = Path(__file__).resolve().parents[2]


def test_our_documents_have_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    status = main([str(ROOT / "kb_docs")])
    assert status == 0, capsys.readouterr().out


def test_a_broken_town_pack_is_told(tmp_path: Path) -> None:
    assert main([str(ROOT / "kb_docs"), "--town", str(tmp_path)]) == 1
