"""What the tests of the command line share."""

import pytest


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Work in an empty folder, and see that nothing half-written stays behind anywhere."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    folder = tmp_path / "here"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(scratch))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(folder)
    yield folder
    assert list(scratch.iterdir()) == []
    assert [p.name for p in folder.rglob("*") if p.name.startswith(".")] == []
