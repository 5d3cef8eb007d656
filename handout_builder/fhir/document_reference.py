"""A FHIR R4 DocumentReference for a file: what a record system wants to know of it, without its contents."""

import base64
import hashlib
import json
from collections.abc import Iterable


def document_reference(
    pdf: bytes,
    *,
    title: str,
    lang: str,
    created: str,
    subject: str = "",
    category: str = "Patient education",
    topics: Iterable[tuple[str, str]] = (),
) -> bytes:
    """Return a DocumentReference as JSON for a PDF.

    ``created`` is a day (YYYY-MM-DD), ``subject`` what the record system calls the patient (Patient/123), ``category``
    words for its kind; ``topics`` are systems and codes of what it is about, each a category of its own ("helps for
    indexing and searching").
    """
    attachment = {
        "contentType": "application/pdf",
        "language": lang,
        "size": len(pdf),
        "hash": digest_of(pdf),
        "title": title,
        "creation": created,
    }
    resource = {
        "resourceType": "DocumentReference",
        "status": "current",
        "category": [
            {"text": category},
            *({"coding": [{"system": system, "code": code}]} for system, code in topics),
        ],
        **({"subject": {"reference": subject}} if subject else {}),
        "content": [{"attachment": attachment}],
    }
    return (json.dumps(resource, ensure_ascii=False, indent=2) + "\n").encode()


def digest_of(pdf: bytes) -> str:
    """Return the digest of an attachment: SHA-1 in base64, by the standard (FHIR R4, 2.24.0.7, Attachment.hash)."""
    return base64.b64encode(hashlib.sha1(pdf, usedforsecurity=False).digest()).decode("ascii")
