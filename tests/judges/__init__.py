"""Judges: the real validators, each as `check(path, ...) -> list[str]`, with [] for a clean file."""

from __future__ import annotations

import os

import pytest


def need(found: bool, what: str) -> None:
    """Skip the test when `what` is missing here; fail when it is missing in CI."""
    if found:
        return
    reason = f"{what} is missing"
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI must have it", pytrace=False)
    pytest.skip(reason)
