"""The text of small expressions, straight from the records.

LibCST's own generator wants its own nodes, of which copies must be made, and enters two contexts
for each: ten times the time. It is asked for the rarer nodes only.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from racecheck.facts.nodes import code, cst, field_names

_AROUND: Final = "whitespace_before {} whitespace_after"
_WORD: Final = "lpar value rpar"
_PAIR: Final = "lpar left operator right rpar"
_BRACED: Final = "lpar lbrace elements rbrace rpar"
_STRING: Final = "lpar start parts end rpar"
_PART: Final = (
    "{ whitespace_before_expression expression equal whitespace_after_expression"
    " !conversion :format_spec }"
)
_OPERATORS: Final = {
    "Comma": ",",
    "Dot": ".",
    "Colon": ":",
    "AssignEqual": "=",
    "Add": "+",
    "Subtract": "-",
    "Multiply": "*",
    "MatrixMultiply": "@",
    "Divide": "/",
    "FloorDivide": "//",
    "Modulo": "%",
    "Power": "**",
    "LeftShift": "<<",
    "RightShift": ">>",
    "BitOr": "|",
    "BitXor": "^",
    "BitAnd": "&",
    "And": "and",
    "Or": "or",
    "Equal": "==",
    "LessThan": "<",
    "LessThanEqual": "<=",
    "GreaterThan": ">",
    "GreaterThanEqual": ">=",
    "In": "in",
    "Is": "is",
}
_TEMPLATES: Final = {
    "SimpleWhitespace": "value",
    "Comment": "value",
    "Newline": "value",
    "TrailingWhitespace": "whitespace comment newline",
    "EmptyLine": "whitespace comment newline",
    "ParenthesizedWhitespace": "first_line empty_lines last_line",
    "LeftParen": "( whitespace_after",
    "RightParen": "whitespace_before )",
    "LeftSquareBracket": "[ whitespace_after",
    "RightSquareBracket": "whitespace_before ]",
    "LeftCurlyBrace": "{ whitespace_after",
    "RightCurlyBrace": "whitespace_before }",
    **{name: _AROUND.format(sign) for name, sign in _OPERATORS.items()},
    "NotEqual": _AROUND.format("value"),
    "NotIn": _AROUND.format("not whitespace_between in"),
    "IsNot": _AROUND.format("is whitespace_between not"),
    "Minus": "- whitespace_after",
    "Plus": "+ whitespace_after",
    "BitInvert": "~ whitespace_after",
    "Not": "not whitespace_after",
    "Name": _WORD,
    "Integer": _WORD,
    "Float": _WORD,
    "Imaginary": _WORD,
    "Ellipsis": "lpar ... rpar",
    "SimpleString": _WORD,
    "ConcatenatedString": "lpar left whitespace_between right rpar",
    "FormattedString": _STRING,
    "FormattedStringText": "value",
    "FormattedStringExpression": _PART,
    "TemplatedString": _STRING,
    "TemplatedStringText": "value",
    "TemplatedStringExpression": _PART,
    "Attribute": "lpar value dot attr rpar",
    "BinaryOperation": _PAIR,
    "BooleanOperation": _PAIR,
    "UnaryOperation": "lpar operator expression rpar",
    "Comparison": "lpar left comparisons rpar",
    "ComparisonTarget": "operator comparator",
    "Subscript": "lpar value whitespace_after_value lbracket slice rbracket rpar",
    "SubscriptElement": "slice comma",
    "Index": "star whitespace_after_star value",
    "Slice": "lower first_colon upper second_colon step",
    "Call": "lpar func whitespace_after_func ( whitespace_before_args args ) rpar",
    "Arg": "star whitespace_after_star keyword equal value comma whitespace_after_arg",
    "Tuple": "lpar elements rpar",
    "List": "lpar lbracket elements rbracket rpar",
    "Set": _BRACED,
    "Dict": _BRACED,
    "Element": "value comma",
    "StarredElement": "lpar * whitespace_before_value value rpar comma",
    "DictElement": "key whitespace_before_colon : whitespace_after_colon value comma",
    "StarredDictElement": "** whitespace_before_value value comma",
    "ListComp": "lpar lbracket elt for_in rbracket rpar",
    "SetComp": "lpar lbrace elt for_in rbrace rpar",
    "GeneratorExp": "lpar elt for_in rpar",
    "DictComp": (
        "lpar lbrace key whitespace_before_colon : whitespace_after_colon value for_in rbrace rpar"
    ),
    "CompFor": (
        "whitespace_before asynchronous for whitespace_after_for target"
        " whitespace_before_in in whitespace_after_in iter ifs inner_for_in"
    ),
    "CompIf": "whitespace_before if whitespace_before_test test",
    "Asynchronous": "async whitespace_after",
    "IfExp": (
        "lpar body whitespace_before_if if whitespace_after_if test"
        " whitespace_before_else else whitespace_after_else orelse rpar"
    ),
    "NamedExpr": "lpar target whitespace_before_walrus := whitespace_after_walrus value rpar",
    "Await": "lpar await whitespace_after_await expression rpar",
    "Yield": "lpar yield whitespace_after_yield value rpar",
    "From": "whitespace_before_from from whitespace_after_from item",
    "Lambda": "lpar lambda whitespace_after_lambda params colon body rpar",
    "Parameters": "posonly_params posonly_ind params star_arg kwonly_params star_kwarg",
    "ParamSlash": "/ whitespace_after comma",
    "ParamStar": "* comma",
    "Param": "star whitespace_after_star name equal default comma whitespace_after_param",
}
"""What of a node is written in which order: its fields, and text that is always there.

A sign glued to a field is written where the field is. Parameters are those of lambdas.
"""


class _Step(NamedTuple):
    """Text that is always there, or a field, before it a sign; `missing` where it is not there."""

    sign: str
    field: str = ""
    missing: str | None = None


def _step(word: str, kind: type) -> _Step:
    fields = field_names(kind)
    if word[1:] in fields:
        return _Step(word[0], word[1:])
    if word not in fields:
        return _Step(word)
    return _Step("", word, "\n" if kind is cst.Newline else None)


_STEPS: Final = {
    kind: [_step(word, kind) for word in reversed(template.split())]
    for name, template in _TEMPLATES.items()
    for kind in [getattr(cst, name)]
}
"""The words of each template from the last to the first."""
_SPACE: Final = cst.SimpleWhitespace


def text_of(node: cst.CSTNode, limit: int) -> str:
    """The source text of an expression as it was parsed, `limit` characters of it at most."""
    found: list[str] = []
    size = 0
    work: list[Any] = [node]
    while work and size < limit:
        one = work.pop()
        kind = type(one)
        if kind is not str and (steps := _STEPS.get(kind)) is not None:
            for sign, field, missing in steps:
                held = getattr(one, field) if field else sign
                if type(held) is _SPACE:  # nearly half of all nodes
                    held = held.value
                if held is None:
                    held = missing
                elif sign and field:
                    held = (sign, *held) if type(held) is tuple else (sign, held)
                if type(held) is tuple:
                    work += reversed(held)
                elif held:
                    work.append(held)
            continue
        text = one if kind is str else code(one)
        found.append(text)
        size += len(text)
    return "".join(found)[:limit]
