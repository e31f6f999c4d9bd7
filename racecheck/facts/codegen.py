"""The text of small expressions, straight from the records.

LibCST's own generator wants its own nodes, of which copies must be made, and enters two contexts
for each: ten times the time. It is asked for the rarer nodes only.
"""

from __future__ import annotations

from typing import Any, Final

from racecheck.facts.nodes import code, cst, field_names

_AROUND: Final = "whitespace_before {} whitespace_after"
_WORD: Final = "lpar value rpar"
_PAIR: Final = "lpar left operator right rpar"
_TEMPLATES: Final[dict[type, str]] = {
    cst.SimpleWhitespace: "value",
    cst.LeftParen: "( whitespace_after",
    cst.RightParen: "whitespace_before )",
    cst.LeftSquareBracket: "[ whitespace_after",
    cst.RightSquareBracket: "whitespace_before ]",
    cst.LeftCurlyBrace: "{ whitespace_after",
    cst.RightCurlyBrace: "whitespace_before }",
    cst.Comma: _AROUND.format(","),
    cst.Dot: _AROUND.format("."),
    cst.Colon: _AROUND.format(":"),
    cst.AssignEqual: _AROUND.format("="),
    cst.Add: _AROUND.format("+"),
    cst.Subtract: _AROUND.format("-"),
    cst.Multiply: _AROUND.format("*"),
    cst.Divide: _AROUND.format("/"),
    cst.FloorDivide: _AROUND.format("//"),
    cst.Modulo: _AROUND.format("%"),
    cst.BitOr: _AROUND.format("|"),
    cst.BitAnd: _AROUND.format("&"),
    cst.Minus: "- whitespace_after",
    cst.Name: _WORD,
    cst.Integer: _WORD,
    cst.Float: _WORD,
    cst.SimpleString: _WORD,
    cst.Attribute: "lpar value dot attr rpar",
    cst.BinaryOperation: _PAIR,
    cst.UnaryOperation: "lpar operator expression rpar",
    cst.Subscript: "lpar value whitespace_after_value lbracket slice rbracket rpar",
    cst.SubscriptElement: "slice comma",
    cst.Index: "star whitespace_after_star value",
    cst.Slice: "lower first_colon upper second_colon step",
    cst.Call: "lpar func whitespace_after_func ( whitespace_before_args args ) rpar",
    cst.Arg: "star whitespace_after_star keyword equal value comma whitespace_after_arg",
    cst.Tuple: "lpar elements rpar",
    cst.List: "lpar lbracket elements rbracket rpar",
    cst.Set: "lpar lbrace elements rbrace rpar",
    cst.Dict: "lpar lbrace elements rbrace rpar",
    cst.Element: "value comma",
    cst.DictElement: "key whitespace_before_colon : whitespace_after_colon value comma",
}
"""What of a node is written in which order: its fields, and text that is always there."""


def _steps(kind: type, template: str) -> list[tuple[bool, str]]:
    """The words of a template from the last to the first, and whether each is a field."""
    fields = field_names(kind)
    return [(word in fields, word) for word in reversed(template.split())]


_STEPS: Final = {kind: _steps(kind, template) for kind, template in _TEMPLATES.items()}
_DEFAULT: Final = cst.MaybeSentinel.DEFAULT


def text_of(node: cst.CSTNode, limit: int) -> str:
    """The source text of an expression as it was parsed, `limit` characters of it at most."""
    found: list[str] = []
    size = 0
    work: list[Any] = [node]
    while work and size < limit:
        one = work.pop()
        kind = type(one)
        if kind is not str and (steps := _STEPS.get(kind)) is not None:
            for is_field, word in steps:
                held = getattr(one, word) if is_field else word
                if type(held) is tuple:
                    work += reversed(held)
                elif held and held is not _DEFAULT:
                    work.append(held)
            continue
        text = one if kind is str else code(one)
        found.append(text)
        size += len(text)
    return "".join(found)[:limit]
