"""The examples: what can be run of them is run, and the commands in them are words of our command line."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from builder.greedy import Greedy
from helpers.project import ROOT

from handout_builder.builder import executors
from handout_builder.cli.main import _parsed
from handout_builder.cli.parser import parser
from handout_builder.shards import shard

EXAMPLES = ROOT / "examples"


def loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands(value: object) -> Iterator[list[str]]:
    """Yield the words of each of our commands in an example."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from commands(inner)
    elif isinstance(value, list) and all(isinstance(word, str) for word in value):
        if value[:1] == ["make_handout.py"]:
            yield value[1:]
        for word in value:
            if word.startswith("make_handout.py "):
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
            assert callable(getattr(loaded(EXAMPLES / f"{module}.py"), name))
    for line in re.findall(r"#\s+make_handout\.py (.*)", path.read_text("utf-8")):
        assert _parsed(shlex.split(line)).command in ("merge", "verify")


def test_the_job_has_a_pod_for_each_shard() -> None:
    job = yaml.safe_load((EXAMPLES / "kubernetes-shards.yaml").read_text("utf-8"))
    (pod,) = job["spec"]["template"]["spec"]["containers"]
    assert f'+ 1))/{job["spec"]["completions"]}"' in pod["args"][0]
    assert job["spec"]["completionMode"] == "Indexed"
    assert pod["securityContext"]["readOnlyRootFilesystem"]


def test_loky_does_the_work_and_follows_a_worker_that_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("loky")
    from loky import get_reusable_executor

    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    once = f"crash-once {tmp_path / 'once'}"
    done = executors.run([["a"], [once]], Greedy, loaded(EXAMPLES / "executors.py").loky)
    assert {items[0]: results[0] for items, results in done} == {"a": "a is done", once: f"{once} is done"}
    get_reusable_executor().shutdown(wait=True)


def test_an_executor_of_ray_is_one() -> None:
    assert issubclass(loaded(EXAMPLES / "executors.py").RayExecutor, ThreadPoolExecutor.__mro__[1])


@pytest.mark.slow
def test_copies_and_products_over_dask_are_those_of_one_machine(tmp_path: Path) -> None:
    """The finale, with few: a real scheduler, three workers, one killed twice and one with a wrong font."""
    pytest.importorskip("distributed")
    finale = loaded(ROOT / "benchmarks" / "finale.py")
    assert finale.run(tmp_path / "finale", copies=450, products=2)
