"""What comes into an original, or goes, comes into its translations, or goes there; what is translated stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from helpers.project import SOURCE, run
from helpers.translated import edit, tired_back
from hypothesis import given, settings
from hypothesis import strategies as st

from handout_builder.content.yaml_reader import read_yaml, yaml_file
from handout_builder.translation import alignment, freshness, parity
from handout_builder.translation.blocks import Block, blocks
from handout_builder.translation.pairs import Pair


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tired_back(tmp_path)


def align(root: Path) -> str:
    result = run(root, "translations", "tired-back", "--align")
    assert result.returncode == 0, result.stderr
    return result.stderr


def differences(root: Path) -> list[str]:
    one, other = (read_yaml(root / "tired-back" / name) for name in ("en.yaml", "es.yaml"))
    found = [problem.message for problem in parity.differences(one, other, None)]
    return [message for message in found if message != "this is not translated"]


NEW = """\
      - type: text
        text: Sleep on your side for 8 hours.
"""


def test_a_new_block_stands_where_it_does_in_the_original(root: Path) -> None:
    edit(root / "tired-back/en.yaml", "      - type: text\n", f"{NEW}      - type: text\n")
    assert "sections/help/1 is in, not translated yet" in align(root)
    text = (root / "tired-back/es.yaml").read_text("utf-8")
    assert text.index("Sleep on your side") < text.index("Camine 10 minutos") < text.index("Siéntese")
    assert not differences(root)
    result = run(root, "translations", "tired-back")
    # One block of seven is stale: what stood behind the new one is known by its digest, not by its number.
    assert result.stdout.splitlines()[1].split()[:6] == ["tired-back", "es", "8", "7", "1", "0"], result.stdout


def test_what_is_new_goes_out_to_translators_without_a_translation(root: Path) -> None:
    edit(root / "tired-back/en.yaml", "      - type: text\n", f"{NEW}      - type: text\n")
    path = root.parent / "texts.xlf"
    assert "--align" in run(root, "translations", "tired-back", "--lang", "es", "--export", str(path)).stderr
    align(root)
    assert run(root, "translations", "tired-back", "--lang", "es", "--export", str(path)).returncode == 0
    unit = path.read_text("utf-8").partition("Sleep on your side")[2].partition("</trans-unit>")[0]
    assert "Sleep" not in unit


def test_a_block_that_went_goes(root: Path) -> None:
    path = root / "tired-back/en.yaml"
    text = path.read_text("utf-8")
    start, end = text.index("      - type: text"), text.index("      - type: list")
    path.write_text(text[:start] + text[end:], "utf-8")
    assert "sections/help/1 as it was is out" in align(root)
    assert "Camine" not in (root / "tired-back/es.yaml").read_text("utf-8")
    assert not differences(root)


def test_a_section_that_went_goes(root: Path) -> None:
    path = root / "tired-back/en.yaml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("  - id: rest\n")].replace("[Rest](#rest)", "Rest"), "utf-8")
    assert "sections/rest is out: it is not in the original any more" in align(root)
    assert "Rodillas" not in (root / "tired-back/es.yaml").read_text("utf-8")


def test_a_list_that_has_grown_is_put_in_anew_with_its_words_kept_beside_it(root: Path) -> None:
    edit(root / "tired-back/en.yaml", "Get up twice an hour.", "Get up twice an hour., Stretch.")
    assert "sections/help/2 is in anew" in align(root)
    rows = [row for row in (root / "tired-back/es.yaml").read_text("utf-8").splitlines() if "Siéntese" in row]
    assert len(rows) == 1
    assert rows[0].lstrip().startswith("#")
    assert not differences(root)


def test_a_section_and_a_key_come_in(root: Path) -> None:
    path = root / "tired-back/en.yaml"
    edit(path, "  - id: rest", "  - id: sleep\n    heading: Sleep\n    blocks:\n" + NEW + "  - id: rest")
    edit(path, "description:", "kicker: For you\ndescription:")
    told = align(root)
    assert "sections/sleep is in" in told
    assert "kicker is in" in told
    assert not differences(root)
    assert "all translations are built as their originals are" in align(root)


def test_nothing_is_written_where_all_is_alike(root: Path) -> None:
    before = {path: path.read_bytes() for path in (root / "tired-back").rglob("*") if path.is_file()}
    assert "built as their originals" in align(root)
    assert before == {path: path.read_bytes() for path in (root / "tired-back").rglob("*") if path.is_file()}


def test_of_a_list_of_points_each_card_is_known_by_its_code(tmp_path: Path) -> None:
    root = Path(shutil.copytree(SOURCE, tmp_path / "source", ignore=shutil.ignore_patterns("brands", "original*")))
    path = root / "knee-pain/en.yaml"
    text = path.read_text("utf-8")
    gone, kept = text.index("          - code: EX-LE5"), text.index("          - code: ST34")
    path.write_text(text[:gone] + text[kept:], "utf-8")
    told = run(root, "translations", "knee-pain", "--lang", "ja", "--align").stderr.splitlines()
    assert [row.partition(": ")[2] for row in told] == [
        "sections/the-points/2/EX-LE5 as it was is out: it is not in the original any more"
    ]
    text = (root / "knee-pain/ja.yaml").read_text("utf-8")
    assert "EX-LE5" not in text
    assert "梁丘" in text


BLOCKS = st.lists(st.integers(0, 30), min_size=1, max_size=7, unique=True)


def handout(numbers: list[int], word: str) -> str:
    kinds = ("quote", "text", "notice")
    rows = [f"      - type: {kinds[n % 3]}\n        text: {word} {n}\n" for n in numbers]
    return f"title: T\nsections:\n  - id: one\n    heading: H\n    blocks:\n{''.join(rows)}"


@given(BLOCKS, BLOCKS)
@settings(max_examples=150, deadline=None)
def test_each_translation_stays_with_its_original(
    tmp_path_factory: pytest.TempPathFactory, old: list[int], new: list[int]
) -> None:
    folder = tmp_path_factory.getbasetemp() / "aligned"
    (folder / "editorial").mkdir(parents=True, exist_ok=True)
    first, original = (yaml_file(folder / "en.yaml", handout(numbers, "word")) for numbers in (old, new))
    translated = yaml_file(folder / "es.yaml", handout(old, "palabra"))
    freshness.table(translated.path).write_text(freshness.written(blocks(first)), "utf-8")
    made = alignment.aligned(Pair("x", ("en", "es"), original, translated, translated.path, {}))
    assert not list(parity.differences(original, made.file, None)) or not {*old} & {*new}
    known = {freshness.digest(block): name for name, block in blocks(first).items()}
    for name, block in blocks(made.file).items():
        if isinstance(block.value, dict) and block.value.get("text", "").startswith("palabra"):
            said = int(block.value["text"].split()[1])
            # What a block was made from is still what its digest says.
            assert name in made.digests
            assert known[made.digests[name]].split("/")[-1] == str(old.index(said) + 1)
    for number, value in enumerate(new):
        if value in old and [n for n in old if n in new] == [n for n in new if n in old]:
            block: Block = blocks(made.file)[f"sections/one/{number + 1}"]
            assert block.value["text"] == f"palabra {value}"
