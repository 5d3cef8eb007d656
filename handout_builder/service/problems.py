"""Answers without a file: problem details (RFC 9457)."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from starlette.responses import Response

from handout_builder.service.messages import Finding, ProblemDetails

MEDIA_TYPE = "application/problem+json"


class RefusedError(Exception):
    """There is no file; the answer says why."""

    def __init__(
        self, status: int, detail: str, findings: Iterable[Finding] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self.status, self.detail, self.findings, self.headers = status, detail, tuple(findings), dict(headers or {})

    @property
    def codes(self) -> list[str]:
        """The codes of what is wrong, each once."""
        return list(dict.fromkeys(finding.code for finding in self.findings))

    def answer(self) -> Response:
        """Return the answer."""
        details = ProblemDetails(
            title=HTTPStatus(self.status).phrase, status=self.status, detail=self.detail, problems=list(self.findings)
        )
        return Response(details.model_dump_json(), self.status, self.headers, MEDIA_TYPE)
