"""``service``: handouts and visit sheets over HTTP, for other programs."""

from pathlib import Path

from handout_builder.errors import HandoutError, Problem


def run(host: str, port: int) -> None:
    """Run the service until it is stopped; raises HandoutError where its packages are missing or it cannot begin."""
    try:
        import starlette  # noqa: F401, PLC0415  # an extra
    except ImportError as error:
        hint = 'pip install "handout-builder[service]", or in a clone: make service'
        problem = Problem("installation", "the service needs packages that are not there", Path("service"), hint=hint)
        raise HandoutError([problem]) from error
    from handout_builder.service.server import serve  # noqa: PLC0415  # nothing else needs a web server

    serve(host=host, port=port)
