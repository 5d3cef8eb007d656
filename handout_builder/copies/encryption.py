"""Copies that a password opens: AES-256 (PDF 2.0, revision 6), which PDF/A does not allow; PDF/UA stays."""

import io
import re
import secrets

import pikepdf

# What a file says of PDF/A (ISO 19005-3, 6.6.4): as elements or as attributes.
_CLAIM = re.compile(rb"<pdfaid:(\w+)>[^<]*</pdfaid:\1>|\s+pdfaid:\w+=\"[^\"]*\"")


def encrypted(data: bytes, password: str) -> bytes:
    """Return a PDF that opens with a password; screen readers may read it, and it does not call itself PDF/A any more.

    Two calls give other bytes, as keys are drawn at random.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        metadata = pdf.Root.Metadata
        metadata.write(_CLAIM.sub(b"", metadata.read_bytes()))
        out = io.BytesIO()
        allowed = pikepdf.Permissions(accessibility=True, extract=True, modify_other=False, modify_assembly=False)
        pdf.save(
            out,
            encryption=pikepdf.Encryption(
                user=password, owner=secrets.token_urlsafe(24), R=6, aes=True, metadata=True, allow=allowed
            ),
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
        )
        return out.getvalue()
