"""The description of the service as an OpenAPI 3.1 document, made from the models of its messages."""

import json
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from handout_builder.service.messages import Choices, HandoutOrder, ProblemDetails, SheetOrder, State
from handout_builder.service.problems import MEDIA_TYPE
from handout_builder.version import VERSION
from handout_builder.visit.schema import Visit

_COMPONENTS = "#/components/schemas/"
_MODELS = (Choices, HandoutOrder, ProblemDetails, SheetOrder, State, Visit)
_REFUSALS = {
    "400": "The body is no JSON.",
    "401": "The token is missing or another.",
    "408": "The request took too long to arrive.",
    "413": "The request is too long.",
    "415": "The body is not called JSON.",
    "421": "The service is not called by this name.",
    "422": "The order is not as it should be: each problem says what, and where.",
    "429": "More is asked for than can be made.",
    "500": "The program broke, or the file took more than it may.",
}
_SOURCE = {"409": "The handout or the brand that the service has cannot be printed as it stands."}
_NO_BODY = ("401", "421", "429", "500")
_PLACE = {"type": "integer", "minimum": 1}
_FILE_HEADERS = {
    "Content-Disposition": {"description": "What the file may be called.", "schema": {"type": "string"}},
    "Handout-Notes": {
        "description": "The codes of what is to be said of the file, such as left-out; missing where there is nothing.",
        "schema": {"type": "string"},
    },
    "Handout-Pages": {"description": "How many pages it has.", "schema": _PLACE},
}


@cache
def document() -> bytes:
    """Return the document as JSON."""
    _, schemas = models_json_schema(
        [(model, "validation") for model in _MODELS], ref_template=f"{_COMPONENTS}{{model}}"
    )
    made = {
        "openapi": "3.1.0",
        "info": {
            "title": "Handouts",
            "version": VERSION,
            "description": "Print-ready PDF handouts, EPUBs and visit sheets. Nothing is kept of what is sent.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {}],
        "paths": {
            "/handouts": {
                "get": {
                    "operationId": "listHandouts",
                    "summary": "What can be ordered",
                    "responses": {"200": _json("Names.", "Choices"), **_refusals(_NO_BODY), **_refusals(_SOURCE)},
                },
                "post": _order("makeHandout", "A handout as PDF or EPUB", "HandoutOrder", "pdf", "epub+zip"),
            },
            "/sheets": {"post": _order("makeSheet", "A visit sheet for one person as PDF", "SheetOrder", "pdf")},
            "/health": {"get": _state("health", "Whether the service is alive")},
            "/ready": {
                "get": _state("ready", "Whether files can be made", {"503": _json("No process answers.", "State")})
            },
            "/openapi.json": {
                "get": {
                    "operationId": "openapi",
                    "summary": "This document",
                    "security": [{}],
                    "responses": {"200": {"description": "OpenAPI 3.1.", "content": {"application/json": {}}}},
                }
            },
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
    return json.dumps(made, ensure_ascii=False, sort_keys=True).encode()


def _order(name: str, summary: str, model: str, *kinds: str) -> dict[str, Any]:
    files: dict[str, Any] = {f"application/{kind}": {} for kind in kinds}
    made = {"description": "The file.", "headers": _FILE_HEADERS, "content": files}
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {"required": True, "content": {"application/json": {"schema": _model(model)}}},
        "responses": {"200": made, **_refusals(_REFUSALS), **_refusals(_SOURCE)},
    }


def _state(name: str, summary: str, more: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "security": [{}],
        "responses": {"200": _json("Yes.", "State"), **(more or {})},
    }


def _refusals(statuses: Any) -> dict[str, Any]:
    """Return answers without a file."""
    return {status: _refusal(status) for status in statuses}


def _refusal(status: str) -> dict[str, Any]:
    told = (_REFUSALS | _SOURCE)[status]
    answer: dict[str, Any] = {"description": told, "content": {MEDIA_TYPE: {"schema": _model("ProblemDetails")}}}
    if status == "429":
        words = "In how many seconds there may be room."
        answer["headers"] = {"Retry-After": {"description": words, "schema": _PLACE}}
    return answer


def _json(words: str, model: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": _model(model)}}}


def _model(name: str) -> dict[str, str]:
    return {"$ref": f"{_COMPONENTS}{name}"}
