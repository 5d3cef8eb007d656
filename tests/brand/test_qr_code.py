"""Codes to scan hold addresses that every camera reads the same."""

from __future__ import annotations

import pytest
import zxingcpp
from helpers.logo_raster import raster

from handout_builder.brand import qr_code

ADDRESSES = {
    "https://www.example.com/book?a=1": "https://www.example.com/book?a=1",
    "https://praxis-größe.de/termin": "https://xn--praxis-gre-e4a9y.de/termin",
    "https://例え.jp/予約?q=ü#ß": "https://xn--r8jz45g.jp/%E4%BA%88%E7%B4%84?q=%C3%BC#%C3%9F",
    "https://example.com/Öffnung": "https://example.com/%C3%96ffnung",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_address_is_in_ascii(address: str) -> None:
    assert qr_code.in_ascii(address) == ADDRESSES[address]


def test_address_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="URL"):
        qr_code.in_ascii("https://ü ü/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_camera_reads_it(address: str) -> None:
    svg = str(qr_code.qr_code(qr_code.in_ascii(address), quiet=True)).encode()
    # As bytes of ASCII: what the code says of its character set cannot be misread.
    (found,) = zxingcpp.read_barcodes(raster(svg, "svg", 400))
    assert found.text == ADDRESSES[address]
    assert found.bytes.isascii()
