"""``service``: handouts and visit sheets over HTTP, for other programs."""

from handout_builder.cli.extras import need_web_server


def run(host: str, port: int) -> None:
    """Run the service until it is stopped; raises HandoutError where its packages are missing or it cannot begin."""
    need_web_server("service")
    from handout_builder.service.server import serve  # noqa: PLC0415  # nothing else needs a web server

    serve(host=host, port=port)
