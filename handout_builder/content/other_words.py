"""What people call keys, types of block and values that have other names here, in English and in other languages."""

import re
import unicodedata
from collections.abc import Sequence

OLDER = "make_handout.py migrate does it"
"""What helps where a file was written for an older version of the program."""
_FIGURE = "a block of type 'figure'"
_NOTICE = "a block of type 'notice'"
_LIST = "a block of type 'list'"
_HEADING = "a block of type 'heading'"
_DOSE = "'dose:' of a block of points, or of a card"
# What other programs have a block for, and how it is written here.
_INSTEAD = {
    **dict.fromkeys(("dosage", "dose"), _DOSE),
    **dict.fromkeys(("image", "picture", "photo", "img"), _FIGURE),
    **dict.fromkeys(("header", "subheading", "title", "h1", "h2", "h3", "h4"), _HEADING),
    **dict.fromkeys(("bullets", "bullet-list", "ul", "steps", "step"), _LIST),
    **dict.fromkeys(("numbered-list", "ol"), f"{_LIST} with numbered: true"),
    **dict.fromkeys(("paragraph", "markdown", "md", "html", "p"), "a block of type 'text'"),
    **dict.fromkeys(("blockquote", "citation"), "a block of type 'quote'"),
    **dict.fromkeys(("faq", "question"), "a block of type 'questions'"),
    **dict.fromkeys(("card", "cards", "acupoint"), "a block of type 'points'"),
    **dict.fromkeys(("tip", "note", "caution", "box", "info", "callout", "alert"), _NOTICE),
    **dict.fromkeys(("red-flags", "red-flag", "warning-signs"), "a block of type 'safety': include: see-a-doctor"),
    "warning": f"{_NOTICE} with kind: caution, or, for warning signs, 'safety'",
    "link": "[words](https://…) in a text",
    "glossary": "'glossary:' at the end of the handout",
    "point-table": f"a block of type 'overview': {OLDER}",
}
# What has another place than a key.
_ELSEWHERE = {
    "lang": "the name of the file tells the language: es.yaml, ja.yaml",
    "brand": "a brand is named when it is built: --brand NAME",
}
# Words that people have for a value, of which others that are spelt alike mean something else.
_VALUES = {
    **dict.fromkeys(("female", "mujer", "weiblich", "frau"), "woman"),
    **dict.fromkeys(("male", "hombre", "männlich", "mann"), "man"),
    **dict.fromkeys(("strong", "hard", "fuerte", "stark"), "firm"),
    **dict.fromkeys(("soft", "gentle", "gently", "suave", "leicht"), "light"),
    **dict.fromkeys(("moderate", "media", "mittel"), "medium"),
    **dict.fromkeys(("ambos", "beide", "beidseitig"), "both"),
    **dict.fromkeys(("us", "us-letter"), "letter"),
    **dict.fromkeys(("stomach", "belly", "abdomen", "chest"), "chest-belly"),
    **dict.fromkeys(("arm", "elbow", "wrist", "hand"), "shoulder-arm"),
    **dict.fromkeys(("sleep", "stress", "body"), "whole-body"),
    **dict.fromkeys(("ankle", "feet"), "foot"),
    **dict.fromkeys(("leg", "hip"), "hip-knee"),
}
# Words that people have for a key, and the key; the first that is known at the place is offered.
_KEYS: dict[str, tuple[str, ...]] = {
    "patient": ("subtitle", "kicker"),
    "pic": ("image",),
    "img": ("image",),
    "src": ("image", "link"),
    "file": ("image",),
    "image": ("picture",),
    "picture": ("image",),
    "photo": ("image",),
    "filename": ("image",),
    "alt_text": ("alt",),
    "alttext": ("alt",),
    "alternative": ("alt",),
    "name": ("title", "heading", "term", "include"),
    "label": ("heading", "term", "name"),
    "title": ("heading", "term", "name", "caption", "text"),
    "heading": ("title", "text", "term"),
    "headline": ("title", "heading"),
    "head": ("heading", "title", "columns"),
    "header": ("heading", "title", "columns"),
    "headers": ("columns",),
    "heads": ("columns",),
    "cells": ("rows",),
    "point": ("points", "code"),
    "points": ("points", "rows"),
    "acupoints": ("points",),
    "cards": ("points",),
    "code": ("points",),
    "date": ("revised", "days"),
    "updated": ("revised",),
    "last_updated": ("revised",),
    "version": ("revised",),
    "body": ("text", "blocks"),
    "content": ("text", "blocks"),
    "contents": ("blocks", "text"),
    "paragraph": ("text",),
    "description": ("text", "caption", "alt"),
    "desc": ("description", "text"),
    "text": ("blocks", "items"),
    "steps": ("items",),
    "instructions": ("steps", "items"),
    "questions": ("items",),
    "q": ("question",),
    "a": ("answer",),
    "series": ("sets",),
    "rounds": ("sets",),
    "times": ("times_a_day",),
    "per_day": ("times_a_day",),
    "times_per_day": ("times_a_day",),
    "sides": ("side", "each_side"),
    "side": ("each_side",),
    "where": ("about",),
    "lines": ("rows", "fields"),
    "repetitions": ("reps",),
    "frequency": ("times_a_day",),
    "daily": ("times_a_day",),
    "duration": ("seconds", "hold"),
    "time": ("seconds", "hold"),
    "stop_if": ("stop",),
    "position": ("start",),
    "bullets": ("items",),
    "list": ("items", "blocks"),
    "entries": ("items",),
    "ordered": ("numbered",),
    "numbers": ("numbered",),
    "usage": ("use",),
    "indication": ("use",),
    "indications": ("use",),
    "function": ("use",),
    "benefits": ("use",),
    "location": ("where",),
    "place": ("where",),
    "note": ("remark",),
    "notes": ("remark",),
    "comment": ("remark",),
    "hint": ("remark",),
    "pinyin": ("reading",),
    "pronunciation": ("reading",),
    "kana": ("reading",),
    "chinese": ("text",),
    "hanzi": ("text",),
    "kanji": ("text",),
    "language": ("lang",),
    "url": ("link",),
    "href": ("link",),
    "address": ("link",),
    "definition": ("text",),
    "meaning": ("text",),
    "region": ("about",),
    "body_part": ("about",),
    "topic": ("about",),
    "writer": ("author",),
    "authors": ("author",),
    "by": ("author",),
    "references": ("sources",),
    "source": ("sources",),
    "bibliography": ("sources",),
    "chapters": ("sections",),
    "section": ("sections",),
    "parts": ("sections",),
    "block": ("blocks", "include"),
    "page_break": ("starts_page",),
    "new_page": ("starts_page",),
    "full_width": ("wide",),
    "abstract": ("summary",),
    "in_short": ("summary",),
    "keywords": ("subjects",),
    "tags": ("subjects",),
    "license": ("rights",),
    "licence": ("rights",),
    "copyright": ("rights",),
    "isbn": ("identifier",),
    "format": ("editions",),
    "size": ("paper", "editions"),
    "theme": ("look",),
    "style": ("look",),
    "layout": ("look",),
    "template": ("look",),
}
# English words for keys and blocks in other languages, without accents.
_ENGLISH = {
    word: english
    for english, words in {
        "title": "titulo titel titre titolo 标题 標題 タイトル 題名 제목 tieu_de",
        "subtitle": "subtitulo untertitel sous_titre sottotitolo 副标题 副標題 副題 サブタイトル 부제 phu_de",
        "heading": "encabezado uberschrift ueberschrift 小标题 小標題 見出し 소제목 de_muc",
        "description": "descripcion beschreibung descrizione 描述 说明 說明 説明 설명 mo_ta",
        "author": "autor auteur autore 作者 著者 저자 tac_gia",
        "date": "fecha datum 日期 日付 날짜 ngay",
        "about": "zona parte_del_cuerpo korperteil 部位 부위",
        "sections": "secciones abschnitte kapitel sezioni 章节 章節 セクション 섹션 phan",
        "blocks": "bloques blocke bloecke blocs 区块 區塊 ブロック 블록 khoi",
        "type": "tipo typ 类型 類型 種類 タイプ 종류 loai",
        "text": "texto texte testo 文本 文字 本文 テキスト 본문 텍스트 van_ban noi_dung",
        "list": "lista liste elenco 列表 清单 清單 リスト 목록 danh_sach",
        "items": "elementos eintrage elements 项目 項目 항목 muc",
        "points": "puntos punto punkte punkt punti pontos 穴位 ツボ 経穴 경혈 혈자리 huyet",
        "code": "codigo codice 代码 代碼 コード 코드 ma",
        "name": "nombre nom nome 名称 名稱 名前 이름 ten",
        "reading": "lectura lesung 读音 讀音 読み 읽기 cach_doc",
        "lang": "idioma sprache langue lingua 语言 語言 言語 언어 ngon_ngu",
        "use": "uso anwendung wirkung 用途 主治 効能 용도 효능 cong_dung",
        "where": "ubicacion lugar lage localisation 位置 場所 위치 vi_tri",
        "note": "nota hinweis bemerkung remarque 备注 備註 備考 메모 ghi_chu",
        "warning": "advertencia aviso warnung avertissement 警告 注意 경고 주의 canh_bao",
        "dose": "dosis posologie 剂量 劑量 用量 용량 lieu",
        "seconds": "segundos sekunden secondes secondi 秒 초 giay",
        "minutes": "minutos minuten 分钟 分鐘 分 분 phut",
        "weeks": "semanas wochen semaines 周 週 주 tuan",
        "times": "veces veces_al_dia mal_am_tag fois_par_jour 次数 次數 回数 횟수 so_lan",
        "days": "dias tage jours giorni 天数 天數 日数 일수 so_ngay",
        "pressure": "presion druck 压力 力度 力道 強さ 압력 luc_an",
        "side": "lado seite cote lato 侧 側 쪽 ben",
        "image": "imagen bild foto immagine imagem figura abbildung 图片 圖片 照片 写真 画像 사진 그림 hinh anh",
        "alt": "texto_alternativo alternativtext 替代文本 代替テキスト 대체_텍스트",
        "caption": "leyenda bildunterschrift bildtext legende didascalia 图注 圖註 キャプション 캡션 chu_thich",
        "table": "tabla tabelle tableau tabella 表 表格 표 bang",
        "columns": "columnas spalten colonnes 列 欄 열 cot",
        "rows": "filas zeilen lignes 行 행 hang",
        "exercise": "ejercicio ubung uebung exercice esercizio 练习 練習 運動 運動法 운동 bai_tap",
        "steps": "pasos schritte etapes 步骤 步驟 手順 단계 cac_buoc",
        "repetitions": "repeticiones wiederholungen 重复 回 반복",
        "hold": "mantener halten 保持 유지",
        "stop": "parar detener stopp 停止 중지",
        "quote": "cita zitat 引用 인용 trich_dan",
        "questions": "preguntas fragen 问答 問答 질문 cau_hoi",
        "question": "pregunta frage",
        "answer": "respuesta antwort reponse",
        "summary": "resumen zusammenfassung resume 摘要 要約 まとめ 요약 tom_tat",
        "sources": "fuentes quellen 来源 參考文獻 参考文献 출처 nguon",
        "diary": "diario tagebuch 日记 日記 일기 nhat_ky",
    }.items()
    for word in words.split()
}


def keys_meant(word: str) -> Sequence[str]:
    """Return the keys that a word may mean, what is most likely first."""
    english = _english(word)
    return (english, *_KEYS.get(english, ()))


def elsewhere(word: str) -> str:
    """Return where what a word means has its place that is told by no key; "" for most."""
    return _ELSEWHERE.get(_english(word), "")


def block_meant(word: str, known: Sequence[str]) -> tuple[str, str]:
    """Return the type of block that a word means, and else how it is written; "" where nobody knows."""
    english = _english(word).replace("_", "-")
    found = english if english in known else ""
    return found, "" if found else _INSTEAD.get(english, "")


def value_meant(word: str) -> str:
    """Return the value that a word means; "" for most."""
    return _VALUES.get(word.strip().casefold(), "")


def _english(word: str) -> str:
    """Return a word in English, in small letters, without accents, and with low lines for blanks and hyphens."""
    bare = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFD", word.strip().casefold()))
    plain = re.sub(r"[\s-]+", "_", unicodedata.normalize("NFC", bare)).replace("đ", "d")
    return _ENGLISH.get(plain, plain)
