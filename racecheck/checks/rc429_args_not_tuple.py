"""RC429: `args=` of a thread is no tuple or list."""

from __future__ import annotations

from collections.abc import Iterator

from racecheck.analyses.starts import Made, Threads, threads
from racecheck.analyses.suite import Study
from racecheck.core.finding import Finding, Step
from racecheck.facts.schema import Value
from racecheck.program import calls, hints, standard, values
from racecheck.program.model import Function
from racecheck.program.tables import Terms, of

CODES = ("RC429",)


def find(study: Study) -> Iterator[Finding]:
    """Threads that are made with arguments that are not a sequence of arguments."""
    known = threads(study)
    for made in known.made:
        value = calls.argument(made.link.call, *_where(made, known))
        if value is not None and (what := _wrong(made.function, value, made.link.call.line)):
            yield _report(study, made, value, what)


def _where(made: Made, known: Threads) -> tuple[int, str]:
    """Position and keyword of `args`: two behind the target, or one for a Timer."""
    if made.cls is not None:
        return -1, "args"
    return (2 if made.kind == "threading.Timer" else known.kinds[made.kind].position + 2), "args"


def _wrong(function: Function, value: Value, line: int) -> str:
    """What `args` is instead of a tuple, "" when it may be one."""
    if value.kind == "const":
        return _constant(value.text)
    if value.kind == "dict":
        return "a dict: the thread gets its keys" if value.text else ""
    if value.kind == "path":
        return _object(function, _terms(function, value.text))
    if value.kind == "call":
        return _object(function, values.evaluate(function, value, line)[0])
    return ""


def _constant(text: str) -> str:
    if text in ("None", "..."):
        return ""
    if text.endswith(("'", '"')):
        letters = len(text.strip("rbuRBU").strip("'\"")) if len(text) < 40 else 40
        return f"a string: the target gets {letters} arguments" if letters > 1 else ""
    return f"{text}, which cannot be iterated"


def _terms(function: Function, name: str) -> Terms:
    """What a name holds: `self`, an annotated parameter, or the one thing stored in it."""
    receiver = of(function).receivers.get(function)
    if receiver is not None and name == receiver.name:
        return values.evaluate(function, Value("path", name))[0]
    for param in function.facts.params:
        if param.name == name:
            return hints.parse(function, param.annotation) if param.kind == "pos" else Terms()
    stores = [a for a in function.facts.accesses if a.path == name and a.kind == "write"]
    if len(stores) == 1 and name in function.facts.locals:
        return values.evaluate(function, stores[0].value, stores[0].line)[0]
    return Terms()


def _object(function: Function, terms: Terms) -> str:
    """One object of a known class that cannot be iterated (or a string)."""
    names = sorted(term.name for term in terms if term.kind == "instance")
    if not names or len(names) != len(terms):
        return ""
    if names == ["str"]:
        return "a string: the target gets one argument for every character"
    if all(_cannot_iterate(function, name) for name in names):
        return f"an object of `{names[0]}`, which cannot be iterated"
    return ""


def _cannot_iterate(function: Function, name: str) -> bool:
    cls = of(function).project_class(name)
    if cls is not None:
        known = not cls.opaque and not any(c.facts.metaclass for c in cls.mro)
        methods = ("__iter__", "__getitem__", "__getattr__")
        return known and not cls.externals and not any(map(cls.find_method, methods))
    found = standard.library_class(name)
    return found is not None and not any(
        "__iter__" in vars(c) or "__getitem__" in vars(c) for c in found.__mro__
    )


def _report(study: Study, made: Made, value: Value, what: str) -> Finding:
    call, function = made.link.call, made.function
    text = value.text or "the value"
    step = Step("create", function.place(call.line, text), function.label)
    return study.finding(
        "RC429",
        call.into or call.path,
        f"`args={text}` is {what}",
        [step],
        evidence=["parentheses alone make no tuple: the comma does"],
        help=f"Write args=({text},).",
    )
