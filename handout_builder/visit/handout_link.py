"""Where the code on a sheet leads: to a handout that can be read on the web."""

from pathlib import Path

from handout_builder.content.yaml_reader import read_yaml
from handout_builder.errors import HandoutError, Problem
from handout_builder.orders import languages
from handout_builder.text.addresses import wrong_address


def address_of(folder: Path, lang: str) -> str:
    """Return the address of a handout, in a language if it is written in it; raises HandoutError where it has none."""
    tags = languages(folder)
    file = read_yaml(folder / f"{lang if lang in tags else tags[0]}.yaml")
    address = file.value.get("address") if isinstance(file.value, dict) else None
    if not isinstance(address, str) or not address.startswith("https://") or wrong_address(address):
        hint = "write address: https://… in its text, where its file can be read on the web"
        raise HandoutError([Problem("missing-key", "this handout has no public address", file.path, hint=hint)])
    return address
