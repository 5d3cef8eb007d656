"""What a product is made of, as digests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from helpers.project import LANG, ROOT, SHORT

from handout_builder.builder import fingerprints
from handout_builder.editions import EDITIONS
from handout_builder.orders import Order

FONT = ROOT / "fonts" / "NotoSans-Regular.ttf"


def key() -> str:
    edition = EDITIONS["a4"]
    return fingerprints.Reader().target(Order(SHORT, LANG), edition, "pdf", strict=False, proof=False).key


def test_a_font_is_another_where_any_of_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "FONTS", tmp_path)
    path = Path(shutil.copy(FONT, tmp_path))
    first = key()
    with TTFont(FONT) as font:  # one point of one outline
        glyphs = font["glyf"]
        x, y = glyphs["A"].coordinates[0]
        glyphs["A"].coordinates[0] = (x + 1, y)
        font.save(path)
    assert path.stat().st_size == FONT.stat().st_size
    keys = [first, key()]
    path.write_bytes(FONT.read_bytes()[:-4])
    keys.append(key())
    path.unlink()
    keys.append(key())
    (tmp_path / "fonts.conf").write_text("<fontconfig/>", "ascii")
    keys.append(key())
    assert len({*keys}) == len(keys)
    shutil.copy(FONT, tmp_path)
    (tmp_path / "fonts.conf").unlink()
    assert key() == first


def test_what_templates_were_compiled_to_makes_nothing_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "LAYOUTS", tmp_path)
    first = key()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "print.html.cache").write_bytes(b"compiled")
    assert key() == first
    (tmp_path / "print.html").write_bytes(b"a template")
    assert key() != first


def test_what_a_package_brings_along_inside_it_is_not_counted_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers of Ray have such a folder on their path, and refused all that they were asked for."""
    inside = tmp_path / "ray" / "thirdparty_files"
    (inside / "psutil-7.0.dist-info").mkdir(parents=True)
    (tmp_path / "ray" / "__init__.py").touch()
    (tmp_path / "ray-2.50.dist-info").mkdir()
    before = fingerprints.packages()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(inside)
    assert set(fingerprints.packages()) - set(before) == {"ray-2.50.dist-info"}
