"""Addresses that lead nowhere are told, with the reason; those that lead somewhere are not."""

import pytest

from handout_builder.text.addresses import wrong_address, wrong_mailbox, wrong_phone


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://example.org/a?b=c d", ""),
        ("https://[2001:db8::1]:8080/", ""),
        ("https://bücher.example/", ""),
        ("https://example.org./", ""),
        ("https://exa mple.org/", 'blanks and < > " \\ have no place in it'),
        ("https://example.org/a%20b", 'blanks and < > " \\ have no place in it'),
        ("https://example.org:99999/", "the port, behind the colon, is no number from 1 to 65535"),
        ("https://example.org:8o/", "the port, behind the colon, is no number from 1 to 65535"),
        ("https://[::1/", "the name of the host is not well-formed"),
        ("https://[x]/", "the name of the host is not well-formed"),
        ("https://a\u2100b.example/", "the name of the host is not well-formed"),
        ("https://ada:word@example.org/", "a user's name or password stands in it"),
        ("https://example.org:0/", "the port, behind the colon, is no number from 1 to 65535"),
        ("https:///page", "the name of the host is missing"),
        ("https://-a.example/", "'-a.example' is no name of a host"),
        (f"https://{'ü' * 64}.example/", f"'{'ü' * 64}.example' is no name of a host"),
        (f"https://{'a.' * 127}org/", f"'{'a.' * 127}org' is no name of a host"),
        ("mailto:ada@example.org", ""),
        ("mailto:ada%2Bx@example.org", ""),
        ("mailto:@example.org", "the name before the @ is none"),
        ("mailto:ada@localhost", "the name of the host has no dot"),
        ("mailto:ada@", "the name of the host is missing"),
        ("tel:112", ""),
        ("tel:+1", "fewer than 3 digits"),
        ("page.html", ""),
    ],
)
def test_why_an_address_leads_nowhere(address: str, why: str) -> None:
    assert wrong_address(address) == why
    scheme, _, rest = address.partition(":")
    if scheme in ("mailto", "tel") and "%" not in rest:
        assert (wrong_mailbox if scheme == "mailto" else wrong_phone)(rest) == why
