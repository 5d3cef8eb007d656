"""A product with the quotation marks, dashes and fractions of its language, where its author or its clinic asks.

This is done when pages are made, not when a text is loaded: rules and messages are about what was written.
"""

from dataclasses import replace
from functools import partial

from handout_builder.content import texts
from handout_builder.render.product import Product


def printed(product: Product) -> Product:
    """Return a product with its texts as they are printed; itself where they are printed as they were written."""
    made = _printed(product)
    if product.second is None:
        return made
    second = _printed(replace(made, source=product.second, second=None))
    return replace(made, brand=second.brand, second=second.source)


def _printed(product: Product) -> Product:
    """Return the same with the texts of its first language."""
    source, brand = product.source, product.brand
    wish = source.handout.typography or (brand and brand.file.defaults.handout.typography)
    if wish != "smart":
        return product
    from handout_builder.text.typography import smart, smart_words  # noqa: PLC0415  # most handouts ask for none

    markdown, words = partial(smart, lang=source.language), partial(smart_words, lang=source.language)
    handout = texts.rewritten(source.handout, markdown, words)
    shared = texts.rewritten(source.shared, markdown, words)
    characters = source.characters.union(*texts.prose(handout))
    source = replace(source, handout=handout, shared=shared, characters=characters)
    if brand and (own := brand.file.defaults.handout.texts.get(source.language)):
        said = {"invitation": markdown(own.invitation), "disclaimer": markdown(own.disclaimer)}
        brand = replace(brand, file=brand.file.with_words(source.language, own.model_copy(update=said)))
    return replace(product, source=source, brand=brand)
