"""``studio``: everything by mouse or keyboard, on a page in the browser."""

from handout_builder.cli import console
from handout_builder.cli.extras import need_web_server


def run(host: str, port: int, *, browser: bool) -> None:
    """Run the studio until it is stopped; raises HandoutError where its packages are missing or it cannot begin."""
    need_web_server("studio")
    from handout_builder.studio.workshop import FIRST_SEAT, Workshop  # noqa: PLC0415  # for this command alone

    # The other process loads the engine, and begins with what is seen first, while this one loads the server.
    workshop = Workshop()
    workshop.open()
    try:
        from handout_builder.studio.project import Project  # noqa: PLC0415

        project = Project()
        if job := project.first_job():
            workshop.order(FIRST_SEAT, job)
        from handout_builder.studio.server import serve  # noqa: PLC0415  # nothing else needs a web server

        serve(console.say, project, workshop, host=host, port=port, browser=browser)
    finally:
        workshop.close()
