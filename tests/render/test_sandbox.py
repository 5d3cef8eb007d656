"""Templates of strangers end, in whatever thread they run."""

from __future__ import annotations

import threading

import pytest
from jinja2.exceptions import SecurityError

from handout_builder.render import sandbox


@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_has_no_end_is_ended(elsewhere: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_TIME", 0.2)
    told: list[str] = []

    def render() -> None:
        try:
            with sandbox.limits():
                while True:
                    pass
        except SecurityError as error:
            told.append(str(error))

    if elsewhere:
        thread = threading.Thread(target=render)
        thread.start()
        thread.join()
    else:
        render()
    assert told == ["this takes more than 0 seconds"]


def test_what_ends_in_time_is_left_alone() -> None:
    for _ in range(3):
        with sandbox.limits():
            assert sum(range(1000)) == 499500
