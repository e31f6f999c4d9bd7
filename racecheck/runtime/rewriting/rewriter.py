"""A tree with its sites told: each statement keeps its place, its lines and its meaning."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import CodeType
from typing import Final

from racecheck.runtime.analysis import Step, Table, analyse
from racecheck.runtime.analysis.scopes import FUNCTIONS
from racecheck.runtime.hooks import hooks
from racecheck.runtime.rewriting import gate
from racecheck.runtime.rewriting.inserted import (
    LOAD,
    again,
    birth,
    first,
    last,
    leaf_of,
    placed,
    statement,
)
from racecheck.runtime.sites import Site

_HEADERS: Final[dict[type[ast.stmt], str]] = {
    ast.If: "test",
    ast.While: "test",
    ast.For: "iter",
    ast.AsyncFor: "iter",
    ast.Match: "subject",
    ast.Return: "value",
}
"""Statements whose `after` is told where the value of this expression is known."""

_LOOPS: Final = (ast.For, ast.AsyncFor)


def compile_with_table(
    source: bytes | str, path: str, is_main: bool = False, *, notes: bool = True
) -> tuple[CodeType, Table]:
    """Code of a module with its sites told, and its table. Raises what compiling it would."""
    tree = ast.parse(source, path)
    content = source.encode(errors="surrogatepass") if isinstance(source, str) else source
    table = analyse(tree, path, content, is_main, notes=notes)
    rewrite(table)
    note_births(tree)
    code: CodeType = compile(tree, path, "exec", dont_inherit=True)
    return code, table


def compile_main(source: bytes | str, path: str) -> CodeType:
    """Code of a program's main file, its top level included; as it is if that cannot be done."""
    try:
        return compile_with_table(source, path, is_main=True, notes=gate.notes())[0]
    except Exception as error:
        code: CodeType = compile(source, path, "exec", dont_inherit=True)
        hooks.failures.append(f"rewriting {path}: {type(error).__name__}: {error}")
        return code


def rewrite(table: Table) -> None:
    """Insert the sites of a table into the tree that it was made from."""
    for function in table.functions.values():
        node = function.node
        if function.steps and isinstance(node, (ast.Module, *FUNCTIONS)):
            node.body = _block(node.body, function.steps)


def note_births(tree: ast.Module) -> None:
    """Constructors say first of all where they were called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name == "__init__":
                    _note_birth(part)


def _note_birth(node: ast.FunctionDef) -> None:
    parameters = [*node.args.posonlyargs, *node.args.args]
    start = 1 if ast.get_docstring(node, clean=False) is not None else 0
    if parameters and len(node.body) > start:
        call = birth(parameters[0].arg, _start(node.body[start]))
        node.body.insert(start, call)


def load_first(tree: ast.Module, blob: bytes) -> None:
    """Let the module itself bring its sites when it runs (for code that others cache)."""
    for index, node in enumerate(tree.body):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            continue
        call = ast.Call(
            ast.Name(LOAD, ast.Load()),
            [ast.Constant(blob), ast.Name("__file__", ast.Load())],
            [],
        )
        tree.body.insert(index, placed(ast.Expr(call), _start(node)))
        return


def _block(body: list[ast.stmt], steps: Mapping[int, Step]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    for node in body:
        _inside(node, steps)
        step = steps.get(id(node))
        if step is None:
            found.append(node)
        else:
            found += _told(node, step)
    return found


def _inside(node: ast.stmt, steps: Mapping[int, Step]) -> None:
    """Rewrite the blocks of a compound statement; inner functions and classes have their own."""
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if block:
            setattr(node, name, _block(block, steps))
    for name in ("handlers", "cases"):
        for part in getattr(node, name, ()):
            part.body = _block(part.body, steps)


def _told(node: ast.stmt, step: Step) -> list[ast.stmt]:
    found = [node]
    if step.after is not None:
        found += _after(node, step.after)
    if step.before is None:
        return found
    if isinstance(node, ast.While):
        node.test = first(step.before, node.test)
        return found
    start = _start(node)
    if step.again and isinstance(node, _LOOPS):
        node.body.insert(0, again(step.before, leaf_of(node.target)))
    return [statement(step.before, start), *found]


def _after(node: ast.stmt, site: Site) -> list[ast.stmt]:
    """Tell `site` once the statement, or the header of it, has run."""
    header = _HEADERS.get(type(node))
    if header is not None:
        setattr(node, header, last(site, getattr(node, header)))
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        node.body.insert(0, statement(site, node.items[-1].context_expr))
    elif not isinstance(node, ast.Raise):
        return [statement(site, _end(node))]
    return []


def _start(node: ast.stmt) -> ast.AST:
    """What runs first of a statement."""
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return node.decorator_list[0] if node.decorator_list else node
    if isinstance(node, (ast.With, ast.AsyncWith)):
        return leaf_of(node.items[0].context_expr)
    if isinstance(node, ast.AugAssign):
        return leaf_of(node.target)
    if isinstance(node, ast.Delete):
        return leaf_of(node.targets[0])
    for name in ("test", "iter", "subject", "value", "exc"):
        found = getattr(node, name, None)
        if isinstance(found, ast.expr):
            return leaf_of(found)
    return node


def _end(node: ast.stmt) -> ast.AST:
    """What runs last of a statement."""
    if isinstance(node, (ast.Assign, ast.Delete)):
        return node.targets[-1]
    if isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        return node.target
    return node.value if isinstance(node, ast.Expr) else node
