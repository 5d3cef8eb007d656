"""Judges: the real validators, each as `check(path, ...) -> list[str]`, with [] for a clean file."""

from __future__ import annotations

import os

import pytest


def need(found: bool, what: str, command: str) -> None:
    """Skip the test when `what` is missing here, with the command to type; fail when it is missing in CI."""
    if found:
        return
    reason = f"{what} is missing; to have it: {command}"
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (CI must have it)", pytrace=False)
    pytest.skip(reason)
