"""A project to spoil, and the studio on it, as the tests of the doors see it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from helpers.project import ROOT, SHORT

pytest.importorskip("starlette", reason="the studio's packages are not installed")

from starlette.testclient import TestClient

from handout_builder import watching
from handout_builder.studio.app import application
from handout_builder.studio.gate import Keys
from handout_builder.studio.jobs import Job, PageFacts, Rendered, SheetJob
from handout_builder.studio.project import Project
from handout_builder.studio.studio import Studio
from handout_builder.studio.workshop import Outcome, Telling, Workshop

HOST = "127.0.0.1:8790"
NAME = "short"


class StillWorkshop(Workshop):
    """Renders nothing: for tests that look at doors, not at pages."""

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[Job | SheetJob] = []
        self.files: dict[str, bytes] = {"pdf": b"%PDF-"}
        self.read: list[Path] = []

    def open(self) -> None:
        """Start nothing."""

    def close(self) -> None:
        """End nothing."""

    def order(
        self,
        seat: str,
        job: Job | SheetJob,
        early: Telling = lambda _: None,  # noqa: ARG002
        *,
        idle: bool = False,  # noqa: ARG002
    ) -> Outcome:
        """Answer at once with one page of nothing."""
        assert seat
        self.jobs.append(job)
        outcome = Outcome()
        outcome.set_result(self.rendered())
        return outcome

    def rendered(self) -> Rendered:
        """Return what is answered."""
        page = PageFacts("0" * 32, 595, 842, ("A heading",))
        return Rendered((page,), self.files, read=watching.signatures(self.read))


@dataclass
class Opened:
    """The studio and a browser that was let in."""

    client: TestClient
    studio: Studio
    top: Path
    """The folder that holds source/."""

    @property
    def text(self) -> Path:
        """The file of the handout."""
        return self.top / "source" / NAME / "en.yaml"

    @property
    def brand(self) -> Path:
        """The file of the brand."""
        return self.top / "source" / "brands" / "harbour-lane" / "_brand.yml"

    def post(self, path: str, **fields: object) -> object:
        """Send a form as a page of ours does."""
        data = {"csrf": self.studio.keys.csrf} | {name.replace("__", ":"): value for name, value in fields.items()}
        return self.client.post(path, data=data, headers={"origin": f"http://{HOST}"}, follow_redirects=False)


def make_project(top: Path) -> Path:
    """Make a project of a short handout and a brand; return its folder source/."""
    source = top / "source"
    shutil.copytree(SHORT, source / NAME)
    shutil.copytree(ROOT / "source" / "brands" / "harbour-lane", source / "brands" / "harbour-lane")
    return source


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a test that fails in a browser what its windows have done until then."""
    report = yield
    windows = getattr(item, "funcargs", {}).get("windows")
    if report.when == "call" and report.failed and windows is not None:
        report.sections.append(("what the windows did", windows.journal()))
    return report


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a project, which is the working folder."""
    make_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def opened(top: Path, *, password: str = "", workshop: Workshop | None = None) -> Opened:
    """Return the studio on a project, and a browser that was let in."""
    known = Project()
    studio = Studio(known, Keys(known.secret(), password), workshop or StillWorkshop())
    app = application(studio, frozenset((HOST,)))
    client = TestClient(app, base_url=f"http://{HOST}", follow_redirects=False)
    client.cookies.set(studio.cookie, studio.keys.session)
    return Opened(client, studio, top)


@pytest.fixture
def still(project: Path) -> Iterator[Opened]:
    """The studio that renders nothing, and loads no points before somebody asks for them."""
    found = opened(project)
    found.studio.warm = partial(asyncio.sleep, 0)  # type: ignore[method-assign]
    with found.client:
        yield found
