"""Lines below a title that tell who wrote a text, and when, in the languages that ship."""

import re
from collections.abc import Iterator
from dataclasses import replace

from handout_builder.intake.outline import BESIDE, Heading, Outline, Paragraph, Picture, Strange, with_links, words
from handout_builder.text import dates

# What stands before a name, and what may stand before a day. A word without a colon has a blank behind it. Words that
# may be one or two are tried in one way only: else forty of them in a row would take for ever.
_BY = re.compile(
    r"(?<![^\s,、，])(?:"
    r"(?:(?:(?:written|posted|published|text|words) )?by|(?:(?:escrito|publicado|texto) )?por|(?:viết )?bởi|글)\s+"
    r"|(?:author|text|words|autora?|texto|tác giả|người viết|文|著者|筆者|執筆|作者|撰文|글|글쓴이|지은이|저자|작성자)"
    r"\s*[:：・/／]\s*)",
    re.IGNORECASE,
)
_ON = re.compile(
    r"(?:(?:last |first )?(?:published|posted|written|revised|updated)|on|date"
    r"|publicado|escrito|revisado|actualizado|(?:última )?(?:actualización|revisión)|publicación|fecha|el"
    r"|(?:ngày )?đăng|cập nhật(?: lần cuối)?|ngày|vào"
    r"|(?:最終|最后|最後)?(?:更新|公開|投稿|作成|发布|發布|發佈|发表|發表)(?:日期|日|于|於|时间|時間)?|日期"
    r"|(?:최종 ?)?(?:수정|작성|게시|발행|업데이트)일?|날짜|[\s:：,，、])*+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[·•|‧｜∙]\s*|\s+[–—/-]\s+|\u3000+")
# What a page of the web has beside them: how many have answered, or a way to do so.
_ANSWERS = re.compile(
    r"(?:(?:\d{1,5}|no|leave an?|sin) )?(?:comments?|repl(?:y|ies)|comentarios?)|(?:\d{1,5} )?bình luận"
    r"|\d{1,5}\s*(?:件の|[条條則个個])?\s*(?:コメント|评论|評論|留言)|(?:コメント|评论|評論|留言|댓글)\s*[(（:：]?\s*\d{1,5}\s*[件개)）]?",
    re.IGNORECASE,
)
# And how long it takes to read.
_TAKES = re.compile(
    r"(?:(?:reading )?time(?: to read)?\s*:?\s*)?(?:about |approx\. |~\s*)?\d{1,3}[\s-]?min(?:ute)?s?\.?"
    r"(?: (?:of )?read(?:ing)?(?: time)?)?"
    r"|(?:tiempo de )?lectura(?: de|\s*:)?\s+(?:unos )?\d{1,3}\s*min(?:utos?)?\.?|\d{1,3}\s*min(?:utos?)?\.? de lectura"
    r"|(?:この記事は|読了(?:時間|目安|まで)?)?\s*[:：]?\s*(?:約|およそ)?\s*\d{1,3}\s*分(?:程度)?(?:で(?:読めます|読了|読める))?"
    r"|(?:阅读|閱讀)(?:时间|時間|时长|時長|需)?\s*[:：]?\s*(?:大?[约約])?\s*\d{1,3}\s*分[钟鐘鍾]?|\d{1,3}\s*分[钟鐘鍾](?:阅读|閱讀|读完|讀完)"
    r"|(?:읽는 ?(?:데|시간)|읽기)\s*[:：]?\s*(?:약 ?)?\d{1,3}\s*분|(?:약 ?)?\d{1,3}\s*분 (?:읽기|소요|분량)"
    r"|(?:thời gian )?đọc(?:\s*:| trong| khoảng|\s)*\s*\d{1,3}\s*phút|\d{1,3}\s*phút đọc",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<![^\s:：,，、])\S|(?<=\w)(?=[0-9]{4}[年년])")
# What the parts of a name are called, before a comma or bracket that tells what its bearer is.
_BEARER = re.compile(r"[,，、(（]")
_PARTICLES = frozenset(("and", "da", "de", "del", "di", "do", "e", "la", "le", "of", "van", "von", "y", "và", "&"))
_NO_NAME = re.compile(r"\d|[!?。！？:：]|\w{4,}\.$")
_LONGEST, _MOST_WORDS = 80, 7
_MOST_TITLES = _MOST_LINES = 2  # a title may have another below it


def read(outline: Outline) -> Outline:
    """Return an outline with the author and the day that lines below its title tell; the lines are left as remarks.

    What the document says of itself elsewhere goes before them. A line that tells anything else stays as it is.
    """
    facts, blocks = dict(outline.facts), list(outline.blocks)
    for number in _below_title(outline):
        block = blocks[number]
        text = words(block.runs) if isinstance(block, Paragraph) else block.text if isinstance(block, Strange) else ""
        if told := _told(text):
            for key, value in told.items():
                facts.setdefault(key, (value, block.line))
            if isinstance(block, Paragraph):
                blocks[number] = Strange("read as its author and day", with_links(block.runs), block.line)
    return replace(outline, blocks=tuple(blocks), facts=facts)


def _below_title(outline: Outline) -> Iterator[int]:
    """Yield the numbers of the first paragraphs, with no headings but title and subtitle before them.

    Likewise of what a page has between its title and them.
    """
    seen = titles = 0
    for number, block in enumerate(outline.blocks):
        if isinstance(block, Paragraph) and not block.quoted and seen < _MOST_LINES:
            seen += 1
            yield number
        elif isinstance(block, Heading) and not seen and titles < _MOST_TITLES:
            titles += 1
        elif isinstance(block, Strange):
            if titles and not seen and block.what == BESIDE:
                yield number
        elif not isinstance(block, Picture):
            return


def _told(text: str) -> dict[str, str]:
    """Return the author and the day that a line tells, under their keys; nothing where it tells more than these."""
    if len(text) > _LONGEST:
        return {}
    found: dict[str, str] = {}
    for part in _BETWEEN.split(text):
        if found and (_ANSWERS.fullmatch(part) or _TAKES.fullmatch(part)):
            continue
        told = _of_part(part)
        if not told or told.keys() & found.keys():
            return {}
        found |= told
    return found


def _of_part(text: str) -> dict[str, str]:
    """Return what a part of a line tells, as the whole does; nothing where it tells more."""
    by = _BY.search(text)
    before, name = (text[: by.start()], text[by.end() :]) if by else (text, "")
    name, day_behind = _parted(name)
    rest, day = _parted(before)
    if rest or (day and day_behind) or (by and not _is_name(name)):
        return {}
    return {key: value for key, value in (("author", name), ("date", day or day_behind)) if value}


def _parted(text: str) -> tuple[str, str]:
    """Return what stands before the day that a text ends with, less the words that lead to one, and the day."""
    for start in (found.start() for found in _WORD.finditer(text)):
        if dates.meant(text[start:]):
            return _without_on(text[:start]), text[start:].strip()
    return text.strip(), ""


def _without_on(text: str) -> str:
    """Return a text less the words at its end that lead to a day."""
    starts = (found.start() for found in _WORD.finditer(text))
    return text[: next((start for start in starts if _ON.fullmatch(text[start:])), len(text))].strip(" ,，、")


def _is_name(text: str) -> bool:
    """Tell whether words may be somebody's name, and what they are: "Mara Lind, physiotherapist".

    People are called April or Domingo, but "By Friday" and "By May" say when.
    """
    parts = _BEARER.split(text, maxsplit=1)[0].split()
    own = [part for part in parts if part not in _PARTICLES]
    named = not all(map(dates.is_name, own)) and not any(part[0].islower() for part in own)
    return named and parts[0] not in _PARTICLES and len(text.split()) <= _MOST_WORDS and not _NO_NAME.search(text)
