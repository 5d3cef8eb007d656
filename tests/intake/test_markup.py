"""Pages as browsers show them, and as nobody should write them: each word, address and picture once."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from handout_builder.intake import markup
from handout_builder.intake.outline import Block, Bullets, Paragraph, Picture, Strange, told

WORD = re.compile(r"w\d+")


def read(page: str) -> tuple[Block, ...]:
    return markup.outline(page.encode()).blocks


def all_told(page: str) -> str:
    return "\n".join(map(told, read(page)))


def differences(page: str) -> str:
    """Return which words and addresses of a page are lost or told more often than they stand there; "" for none."""
    wanted, found = Counter(WORD.findall(page)), Counter(WORD.findall(all_told(page)))
    for word in set(re.findall(r"https://(w\d+)", page)):  # a link is told with each block that it is around
        found[word] = min(found[word], 1)
    return f"{page}: {dict(wanted - found)} lost, {dict(found - wanted)} more" if wanted != found else ""


BLOCKS = (
    "<p>w1</p>",
    "<div>w1</div>",
    "<h2>w1</h2>",
    "<ul><li>w1</li></ul>",
    "<ol><li>w1<li>w2</ol>",
    "<dl><dt>w1</dt><dd>w2</dd></dl>",
    "<blockquote><p>w1</p></blockquote>",
    "<pre>w1\nw2</pre>",
    '<figure><img src="thumb.png" alt="w1"><figcaption>w2</figcaption></figure>',
    "<section>w1<p>w2</p>w3</section>",
    "<details><summary>w1</summary>w2</details>",
)
TABLE = "<table><caption>w1</caption><tr><th>w2<th>w3<tr><td>w4<td>w5</table>"
LINES = ("b", "cite", "del", "em", "font", "ins", "label", "mark", "q", "s", "small", "span", "strike", "u")


@pytest.mark.parametrize("around", ['a href="https://w9.example"', *LINES])
def test_what_stands_in_a_line_may_be_around_blocks(around: str) -> None:
    for block in (*BLOCKS, *([] if around.startswith("a ") else [TABLE])):
        assert not differences(f"w20 <{around}>w21 {block} w22</{around.partition(' ')[0]}> w23")


@pytest.mark.parametrize("struck", ["del", "s", "strike"])
def test_struck_out_blocks_are_no_words_of_the_handout(struck: str) -> None:
    for block in (*BLOCKS[:-3], TABLE):
        kinds = {type(found) for found in read(f"<{struck}>{block}</{struck}>")}
        assert kinds == {Strange}, block


def test_a_link_around_blocks_leads_from_all_their_words() -> None:
    text, listed, picture = read(
        '<a href="https://e.org/"><div>A <b>whole</b> card</div><ul><li>one</ul><img src="a.png" alt="b"></a>'
    )
    assert isinstance(text, Paragraph)
    assert [(run.text, run.bold, run.link) for run in text.runs] == [
        ("A ", False, "https://e.org/"),
        ("whole", True, "https://e.org/"),
        (" card", False, "https://e.org/"),
    ]
    assert isinstance(listed, Bullets)
    assert listed.items[0].runs[0].link == "https://e.org/"
    assert isinstance(picture, Picture)
    assert picture.link == "https://e.org/"


def test_the_language_of_a_block_is_that_of_its_words() -> None:
    for page in ('<p lang="ja">腰</p>', '<h2 lang="ja">腰</h2>', '<span lang="ja"><p>腰</p></span>'):
        (block,) = read(page)
        assert isinstance(block, Paragraph) or page.startswith("<h2")
        assert [run.lang for run in block.runs] == ["ja"]  # type: ignore[union-attr]


DIRECT = (
    '<img src="w1.png" alt="w2">',
    '<a href="https://w1.example">w2</a>',
    '<a href="https://w1.example"><img src="w2.png" alt="w3"></a>',
    '<picture><source srcset="a"><img src="w1.png" alt="w2"></picture>',
    "<b>w1</b> w2",
    "<q>w1</q>",
    "<del>w1</del>",
    "<ruby>w1<rt>w2</rt></ruby>",
    "w1<br>w2<wbr>w3",
    '<svg><text>w1</text></svg><iframe src="https://w2.example"></iframe>',
    "<button>w1</button><script>program()</script>",
    "<li>w1</li>",
    "<dt>w1</dt><dd>w2</dd>",
    "<td>w1</td><td>w2</td>",
    "<tr><td>w1</td></tr>",
    "<caption>w1</caption>",
    "<div><div><dt>w1</dt><dd>w2</dd></div></div>",
    "<section><dt>w1</dt><dd>w2</dd></section>",
    "<form><tr><td>w1</td></tr></form>",
    '<a href="https://w1.example"><li>w2</li></a>',
    *BLOCKS,
    TABLE,
)
AROUND = (
    "<ul>{}<li>w31</li></ul>",
    "<ol><li>w31</li>{}</ol>",
    "<menu>{}</menu>",
    "<ul><li>{}</li></ul>",
    "<dl>{}<dt>w31</dt><dd>w32</dd></dl>",
    "<dl><div><dt>w31</dt>{}<dd>w32</dd></div></dl>",
    "<dl><dt>w31</dt><dd>{}</dd></dl>",
    "<dl><dt>{}</dt><dd>w31</dd></dl>",
    "<table>{}<tr><td>w31</td><td>w32</td></tr></table>",
    "<table><tbody><tr><td>w31</td><td>w32</td></tr>{}</tbody></table>",
    "<table><tr><td>w31</td>{}<td>w32</td></tr></table>",
    "<table><colgroup>{}</colgroup><tr><td>w31</td><td>w32</td></tr></table>",
    "<table><caption>{}</caption><tr><td>w31</td><td>w32</td></tr></table>",
    "<table><tr><td>{}</td><td>w32</td></tr></table>",
    "<figure>{}</figure>",
    '<figure><img src="w31.png" alt="w32"><figcaption>{}</figcaption></figure>',
    "<h2>{}</h2>",
    "<p>{}</p>",
    "<blockquote>{}</blockquote>",
    "<pre>{}</pre>",
)


@pytest.mark.parametrize("around", AROUND)
def test_whatever_stands_in_lists_tables_and_lines_is_told_once(around: str) -> None:
    assert not [found for part in DIRECT if (found := differences(around.format(part)))]


def test_a_picture_in_a_list_stands_before_it() -> None:
    picture, listed = read('<ul><li>one</li><img src="a.png" alt="b"></ul>')
    assert isinstance(picture, Picture)
    assert isinstance(listed, Bullets)


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("the <ruby>合谷<rt>Hégǔ</rt></ruby>, on the hand", "the 合谷 (Hégǔ), on the hand"),
        ("the <ruby>合谷<rp>(</rp><rt>Hégǔ</rt><rp>)</rp></ruby> point", "the 合谷 (Hégǔ) point"),
        ("the <ruby>合谷<rt>Hégǔ</rt></ruby>point", "the 合谷 (Hégǔ) point"),
        ("(<ruby>合<rt>Hé</rt>谷<rt>gǔ</rt></ruby>)", "(合谷 (Hé gǔ))"),
        (
            "<ruby>肩<rt>かた</rt></ruby>こりに、<ruby>合谷<rt>ごうこく</rt></ruby>。",
            "肩（かた）こりに、合谷（ごうこく）。",
        ),
        ("ツボ<ruby>足<rt>あし</rt></ruby><ruby>三里<rt>さんり</rt></ruby>", "ツボ足三里（あしさんり）"),
        ("<ruby>漢<rt>かん<rp>)</ruby>, b", "漢 (かん), b"),  # ends of elements may be left out
        ("<ruby><rb>漢<rb>字<rtc><rt>かん<rt>じ</rtc></ruby>は", "漢字（かんじ）は"),
        ("<ruby>合谷</ruby>.", "合谷."),
    ],
)
def test_readings_stand_behind_their_words(page: str, text: str) -> None:
    assert all_told(f"<p>{page}</p>") == text


def test_what_the_parser_does_not_know_to_be_empty_takes_no_words_along() -> None:
    text, picture = read(
        '<p>super<wbr>market, <picture><source srcset="b"><img src="a.png" alt="c"></picture>at the end'
    )
    assert told(text) == "supermarket, at the end"
    assert isinstance(picture, Picture)


@pytest.mark.parametrize("around", ["<p>{}</p>", "<div>before<p>{}</p></div>", "<h2>{}</h2>", "<ul><li>{}</ul>"])
@pytest.mark.parametrize("hidden", ["hidden", 'style="color: red; DISPLAY:none"'])
def test_what_is_not_shown_is_not_printed(around: str, hidden: str) -> None:
    blocks = read(around.format(f"Seen <span {hidden}>unseen</span> words."))
    shown = [block for block in blocks if not isinstance(block, Strange)]
    assert "unseen" not in " ".join(map(told, shown))
    assert [block.text for block in blocks if isinstance(block, Strange)] == ["unseen"]


@pytest.mark.parametrize(
    ("picture", "address", "caption"),
    [
        ('<img src="data:image/gif;base64,R0lGOD" data-src="a.png">', "a.png", ""),  # put in when it comes into view
        ('<img srcset="a.png 300w, b.png 600w">', "a.png", ""),
        ('<figure><img src="a.png" title="Red"></figure>', "a.png", "Red"),
        ('<figure><img src="a.png" title="Red"><figcaption>A thumb.</figcaption></figure>', "a.png", "A thumb."),
    ],
)
def test_pictures_have_their_addresses_and_words(picture: str, address: str, caption: str) -> None:
    found, *beside = read(picture)
    assert isinstance(found, Picture)
    assert (found.address, "".join(run.text for run in found.caption)) == (address, caption)
    assert [told(block) for block in beside] == ["the title of the picture: Red"] * (caption == "A thumb.")


def test_words_of_a_picture_without_an_address_are_told() -> None:
    assert [told(block) for block in read('<p>One <img alt="a thumb" title="b">two')] == [
        "a picture without an address: a thumb b",
        "One two",
    ]


def test_links_without_words_are_told() -> None:
    page = '<p>See <a href="https://e.org/1"><svg></svg></a> and <a href="https://e.org/2"><table><tr><td>x</table></a>'
    assert "a link without words: https://e.org/1" in all_told(page)
    assert "https://e.org/2" in all_told(page)


@pytest.mark.parametrize(
    "name",
    [
        "share-buttons",
        "sharedaddy sd-sharing-enabled",
        "social-share",
        "addtoany_share_save_container",
        "post__related",
        "related-posts",
        "jp-relatedposts",
        "yarpp yarpp-related",
    ],
)
def test_what_a_page_has_for_its_site_is_no_text(name: str) -> None:
    links = '<h3>w2</h3><ul><li><a href="/a">w3</a></li><li><a href="#">w4</a></li></ul>'
    for key in ("class", "id"):
        found = read(f'<article><h1>w0</h1><p>w1</p><div {key}="{name}">{links}</div></article>')
        assert found[2:] == (Strange("links of the site", "w2 w3 w4", 1),)
    # What is called so and tells something stays.
    told = read(f'<p>w1</p><div class="{name}"><h3>w2</h3><p>w3 w4 w5 w6 <a href="/a">w7</a></p></div>')
    assert not [block for block in told if isinstance(block, Strange)]
    shared = read('<div class="shared-care relatedness"><a href="https://w1.example">w2</a></div>')
    assert isinstance(shared[0], Paragraph)
