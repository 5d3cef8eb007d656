"""The examples: what can be run of them is run, and the commands in them are words of our command line."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from helpers.project import ROOT, SHORT
from helpers.scripts import loaded_script

from handout_builder.cli.main import _parsed
from handout_builder.cli.parser import parser
from handout_builder.shards import shard

EXAMPLES = ROOT / "examples"


def commands(value: object) -> Iterator[list[str]]:
    """Yield the words of each of our commands in an example."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from commands(inner)
    elif isinstance(value, list) and all(isinstance(word, str) for word in value):
        if value[:1] == ["make-handout"]:
            yield value[1:]
        for word in value:
            if word.startswith("make-handout "):
                yield shlex.split(
                    word.replace("$((JOB_COMPLETION_INDEX + 1))", "64").replace("$JOB_COMPLETION_INDEX", "63")
                )[1:]
    elif isinstance(value, list):
        for inner in value:
            yield from commands(inner)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.name)
def test_examples_are_yaml_with_our_commands(path: Path) -> None:
    value = yaml.safe_load(path.read_text("utf-8"))
    found = list(commands(value))
    assert found
    for words in found:
        options = parser().parse_args(words)
        if getattr(options, "shard", None):
            assert shard(options.shard).number == shard(options.shard).count
        if getattr(options, "executor", None):
            module, _, name = options.executor.partition(":")
            assert callable(getattr(loaded_script(EXAMPLES / f"{module}.py"), name))
    for line in re.findall(r"#\s+make-handout (.*)", path.read_text("utf-8")):
        assert _parsed(shlex.split(line)).command in ("merge", "verify")


def test_the_job_has_a_pod_for_each_shard() -> None:
    job = yaml.safe_load((EXAMPLES / "kubernetes-shards.yaml").read_text("utf-8"))
    (pod,) = job["spec"]["template"]["spec"]["containers"]
    assert f'+ 1))/{job["spec"]["completions"]}"' in pod["args"][0]
    assert job["spec"]["completionMode"] == "Indexed"
    assert pod["securityContext"]["readOnlyRootFilesystem"]
    assert pod["workingDir"] in {mount["mountPath"] for mount in pod["volumeMounts"]}  # where handouts are looked for


def test_the_whole_is_verified_by_the_words_that_made_its_shards() -> None:
    """But for those of where and how much at once, which the whole does not depend on."""
    text = (EXAMPLES / "kubernetes-shards.yaml").read_text("utf-8")
    (made,) = commands(yaml.safe_load(text))
    for option in ("--out", "--shard", "--jobs"):
        at = made.index(option)
        del made[at : at + 2]
    (verified,) = re.findall(r"#\s+make-handout verify .* -- (.*)", text)
    assert shlex.split(verified) == made


# In a process of its own, as loky leaves its watchers of resources to the end of one.
LOKY = """
import sys
from builder.greedy import Greedy
from executors import loky
from handout_builder.builder import executors
if __name__ == "__main__":
    for items, results in executors.run([["a"], [sys.argv[1]]], Greedy, loky):
        print(results[0])
"""


def test_loky_does_the_work_and_follows_a_worker_that_dies(tmp_path: Path) -> None:
    pytest.importorskip("loky")
    program = tmp_path / "program.py"
    program.write_text(LOKY, "utf-8")
    once = f"crash-once {tmp_path / 'once'}"
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests", EXAMPLES)))
    done = subprocess.run(
        [sys.executable, str(program), once],
        env=os.environ | {"PYTHONPATH": path, "LOKY_MAX_CPU_COUNT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.splitlines()) == {"a is done", f"{once} is done"}


def test_an_executor_of_ray_is_one() -> None:
    assert issubclass(loaded_script(EXAMPLES / "executors.py").RayExecutor, ThreadPoolExecutor.__mro__[1])


@pytest.mark.slow
def test_copies_and_products_over_dask_are_those_of_one_machine(tmp_path: Path) -> None:
    """The finale, with few: a real scheduler, three workers, one killed twice and one with a wrong font."""
    pytest.importorskip("distributed")
    finale = loaded_script(ROOT / "benchmarks" / "finale.py")
    same, killed = finale.run(tmp_path / "finale", copies=450, products=2, of=SHORT)
    assert same
    assert killed  # with so few, all may be done before the second time
