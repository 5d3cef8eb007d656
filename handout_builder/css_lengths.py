"""Lengths of style sheets as values, and ``calc()`` worked out: what every element would do anew in the engine."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from handout_builder.units import MM_PER_INCH, MM_PER_PT, PX_PER_MM

_LENGTH = re.compile(r"(?<![\w.])(\d*\.?\d+)(mm|cm|in|pt|px)\b")
# CSS Values and Units 4, 6.2: absolute lengths, here in mm.
_MM: Mapping[str, float] = {"mm": 1.0, "cm": 10.0, "in": MM_PER_INCH, "pt": MM_PER_PT, "px": 1 / PX_PER_MM}
_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_CALC = "calc("
_PARENTHESIS = re.compile(r"[()]")


def value(text: str) -> float:
    """Return a number, or a length in mm: ``38mm``, ``calc(2 * (17pt + 1mm))``.

    Raises ValueError for what is neither, such as a share of something else (``50%``, ``2em``).
    """
    plain = _LENGTH.sub(lambda match: repr(float(match[1]) * _MM[match[2]]), text.replace(_CALC, "("))
    try:
        return _evaluate(ast.parse(plain.strip(), mode="eval").body)
    except (SyntaxError, ArithmeticError) as error:
        raise ValueError(f"no length: {text}") from error


def work_out(css: str) -> str:
    """Return a style sheet in which each ``calc()`` of lengths and numbers is one length or number.

    Those with percentages, ``em`` or ``var()`` stay as they are.
    """
    done: list[str] = []
    rest = css
    while (start := rest.find(_CALC)) >= 0:
        end = _end(rest, start)
        done += [rest[:start], _worked_out(rest[start:end])]
        rest = rest[end:]
    return "".join([*done, rest])


@lru_cache(maxsize=512)
def _worked_out(term: str) -> str:
    try:
        result = f"{value(term):.4f}"
    except ValueError:
        return term
    return f"{result}mm" if _LENGTH.search(term) else result


def _end(css: str, start: int) -> int:
    """Return where the parenthesis closes that opens first behind ``start``."""
    depth = 0
    for match in _PARENTHESIS.finditer(css, start):
        depth += 1 if match[0] == "(" else -1
        if depth == 0:
            return match.end()
    return len(css)


def _evaluate(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate(operand)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](_evaluate(left), _evaluate(right))
    raise ValueError("neither a number nor a length")
