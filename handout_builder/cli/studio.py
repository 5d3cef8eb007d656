"""``studio``: everything by mouse or keyboard, on a page in the browser."""

from pathlib import Path

from handout_builder.cli import console
from handout_builder.errors import HandoutError, Problem


def run(host: str, port: int, *, browser: bool) -> None:
    """Run the studio until it is stopped; raises HandoutError where its packages are missing or it cannot begin."""
    try:
        import starlette  # noqa: F401, PLC0415  # an extra
    except ImportError as error:
        hint = 'pip install "handout-builder[studio]", or in a clone: make studio'
        problem = Problem("installation", "the studio needs packages that are not installed", Path("studio"), hint=hint)
        raise HandoutError([problem]) from error
    from handout_builder.studio.workshop import Workshop  # noqa: PLC0415  # for this command alone

    # The other process loads the engine while this one loads the server, which takes as long.
    workshop = Workshop()
    workshop.open()
    try:
        from handout_builder.studio.server import serve  # noqa: PLC0415  # nothing else needs a web server

        serve(console.say, workshop, host=host, port=port, browser=browser)
    finally:
        workshop.close()
