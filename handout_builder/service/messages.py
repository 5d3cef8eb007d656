"""What programs send, and what they are answered: JSON by these models, from which the OpenAPI document is made."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, StringConstraints, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from handout_builder.editions import DEFAULT, EDITIONS, Format, SheetPaper, Standard
from handout_builder.looks import LOOKS
from handout_builder.orders import NO_BRAND
from handout_builder.visit.schema import Visit

_MOST_PAGES = 12

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_TAG = "[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}"
Tag = Annotated[str, StringConstraints(pattern=rf"^{_TAG}(\+{_TAG})?$")]
Brand = Annotated[Name, Field(description="The name of a brand's folder, or none.")]
LookName = Annotated[
    Name | None, Field(description="A look; without it, the usual one.", json_schema_extra={"enum": [*LOOKS, None]})
]


class _AsVisit:
    """Describes what is checked later, by who knows the catalogue, as what it is."""

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        Visit.model_rebuild()
        return handler(Visit.__pydantic_core_schema__)


class Message(BaseModel):
    """JSON as it is written: no word stands for a number, and no key is passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class HandoutOrder(Message):
    """A handout that the service has, as one file."""

    handout: Annotated[Name, Field(description="The name of its folder.", examples=["chronic-back-pain"])]
    lang: Annotated[Tag, Field(description="Its language, or two of them: en+ja.")] = "en"
    brand: Brand = NO_BRAND
    edition: Annotated[Name, Field(description="How it is printed.", json_schema_extra={"enum": [*EDITIONS]})] = DEFAULT
    format: Annotated[Format, Field(description="Which file.")] = "pdf"
    look: LookName = None
    standard: Annotated[Standard, Field(description="What a PDF for the screen conforms to.")] = "ua-1"


class SheetOrder(Message):
    """A visit sheet for one person. What ``visit`` says goes before what the record says."""

    visit: Annotated[
        dict[str, Any],
        _AsVisit(),
        Field(repr=False, description="Without a date it is of today; null is a line to write on."),
    ] = {}
    fhir: Annotated[
        dict[str, Any] | None,
        WithJsonSchema({"type": ["object", "null"]}),
        Field(repr=False, description="Patient, Appointment and Practitioner of HL7 FHIR R4: a Bundle or a resource."),
    ] = None
    time_zone: Annotated[
        str, Field(max_length=100, description="The clinic's, by its IANA name.", examples=["Europe/London"])
    ] = ""
    brand: Brand = NO_BRAND
    look: LookName = None
    paper: Annotated[SheetPaper | None, Field(description="Without it, the brand's, else A4.")] = None
    large_print: Annotated[bool, Field(description="In 18 pt, on as many pages as it takes.")] = False
    pages: Annotated[int, Field(ge=0, le=_MOST_PAGES, description="The most pages; 0 for one, or two if need be.")] = 0
    handout: Annotated[
        Name | None, Field(description="The handout to whose address the code leads; else the brand's booking page.")
    ] = None


class Finding(BaseModel):
    """One thing that is wrong."""

    code: Annotated[str, Field(description="As docs/messages.md explains it.", examples=["unknown-point"])]
    message: str
    hint: Annotated[str, Field(description="What to do; may be empty.")] = ""
    pointer: Annotated[
        str, Field(description="Where in the request: a JSON Pointer (RFC 6901) as a fragment; empty where unknown.")
    ] = ""
    source: Annotated[str, Field(description="Where in a file of the service: path:line; else empty.")] = ""


class ProblemDetails(BaseModel):
    """Why there is no file (RFC 9457). Nothing of a visit is quoted."""

    type: Literal["about:blank"] = "about:blank"
    title: Annotated[str, Field(description="The status in words.")]
    status: int
    detail: str
    problems: Annotated[list[Finding], Field(description="All that is wrong.")] = []


class Choice(BaseModel):
    """A handout that can be ordered."""

    name: str
    languages: list[str]


class Choices(BaseModel):
    """What can be ordered."""

    handouts: list[Choice]
    brands: list[str]
    editions: list[str]
    looks: list[str]


class State(BaseModel):
    """How the service is."""

    status: Literal["ok", "not ready"]
