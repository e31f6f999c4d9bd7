"""From roots to the object that holds the state, without running a line of the user's code.

No `getattr`: a property or `__getattr__` must not run a second time because we look. A property
whose code says what it returns (`getters`) is read, not run. What cannot be found this way is not
recorded (unknown means silent).
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Sequence
from types import MemberDescriptorType, ModuleType
from typing import Any, Final, NamedTuple

from racecheck.runtime.getters import returned
from racecheck.runtime.sites import Key, Step

MISSING: Final = object()

_dict_of: Final = object.__getattribute__
_plain_of: Final = object.__getattribute__
_mro_of: Final = type.__dict__["__mro__"].__get__
_space_of: Final = type.__dict__["__dict__"].__get__
_LOCAL: Final = threading.local

SIMPLE: Final = frozenset({str, int, bytes, float, bool, type(None), complex})
"""Exact types whose hash and equality are the interpreter's own."""


def space(value: Any) -> dict[str, Any] | None:
    """The instance dictionary, None if there is none; of a `threading.local`, this thread's."""
    try:
        found = _dict_of(value, "__dict__")
    except AttributeError:
        if type(value) is not _LOCAL:
            return None
        # Why the exact type only: a subclass may set itself up, in code of the user's.
        found = _LOCAL.__getattribute__(value, "__dict__")
    return found if type(found) is dict else None


def class_value(kind: type, name: str) -> tuple[Any, Any]:
    """(the class that defines the name, what it defines), or twice MISSING."""
    for one in _mro_of(kind):
        found = _space_of(one).get(name, MISSING)
        if found is not MISSING:
            return one, found
    return MISSING, MISSING


def step(value: Any, name: str) -> Any:
    """`value.name` as far as it is plain data, else MISSING."""
    kind = type(value)
    if (kind, name) in plain:
        try:
            return _plain_of(value, name)
        except AttributeError:
            return MISSING
    known = through.get((kind, name))
    if known is not None and _space_of(known.owner).get(name) is known.getter:
        return follow(value, known.path)
    if kind is ModuleType:
        return value.__dict__.get(name, MISSING)
    if isinstance(value, type) and kind is not value:
        return _data(class_value(value, name)[1])
    own = space(value)
    owner, found = class_value(kind, name)
    if type(found) is property:
        return _through(value, name, owner, found)
    if own is not None and name in own:
        if found is MISSING and not isinstance(value, _LOCAL):
            _is_plain(kind, name)
        return MISSING if _is_data_descriptor(found) else own[name]
    if type(found) is MemberDescriptorType:
        try:
            return found.__get__(value, kind)
        except AttributeError:
            return MISSING
    return _data(found)


def _through(value: Any, name: str, owner: type, found: property) -> Any:
    """What a property returns if it only looks it up."""
    path = returned(found.fget)
    if not path or path[0] == name:
        return MISSING
    if len(through) >= PLAIN:
        through.clear()
    through[type(value), name] = _Getter(owner, found, path)
    return follow(value, path)


class _Getter(NamedTuple):
    """A property that only looks something up, and the class that it stands in."""

    owner: type
    getter: property
    path: tuple[str, ...]


through: Final[dict[tuple[type, str], _Getter]] = {}
"""Properties met, kept like `plain`; whether it is still that property is looked at each time."""

plain: Final[set[tuple[type, str]]] = set()
"""Attributes of which the class knows nothing: found in the instance, or nowhere."""

PLAIN: Final = 5_000
"""How many are remembered; it keeps their classes alive until the gate closes."""


def _is_plain(kind: type, name: str) -> None:
    if len(plain) >= PLAIN:
        plain.clear()
    plain.add((kind, name))


def follow(value: Any, path: Sequence[Step], values: Sequence[Any] = ()) -> Any:
    """The value at the end of a path, or MISSING. `values`: of the roots that keys begin with."""
    for name in path:
        if type(name) is not str:
            value = inside(value, name, values)
        elif (type(value), name) in plain:
            # Why again: by far the most steps are such, and a call costs as much as the step.
            try:
                value = _plain_of(value, name)
            except AttributeError:
                return MISSING
        else:
            value = step(value, name)
        if value is MISSING:
            return MISSING
    return value


DICTS: Final = frozenset({dict, OrderedDict, defaultdict, Counter})
_SEQUENCES: Final = frozenset({list, tuple, deque})


def inside(value: Any, step: Any, values: Sequence[Any]) -> Any:
    """The item of a built-in container under a simple key, or MISSING. Nothing is made for it."""
    key = key_of(step, values)
    if type(value) in DICTS:
        return MISSING if key is MISSING else dict.get(value, key, MISSING)
    if type(value) in _SEQUENCES and type(key) is int:
        try:
            return value[key]
        except IndexError:
            return MISSING
    return MISSING


def home(base: Any, name: str, *, write: bool) -> Any:
    """The object in which attribute `name` of `base` lives: itself, its class, a module's globals.

    MISSING for whatever is computed (properties and other descriptors, `__getattr__`), for methods,
    and for the attributes of a `threading.local`.
    """
    kind = type(base)
    if kind is ModuleType:
        return base.__dict__
    if isinstance(base, type):
        return _home_in_class(base, name, write)
    if issubclass(kind, _LOCAL):
        return MISSING
    owner, found = class_value(kind, name)
    if type(found) is MemberDescriptorType:
        return base
    if _is_data_descriptor(found):
        return MISSING
    own = space(base)
    if own is not None and (write or name in own):
        return base
    return owner if not write and _data(found) is not MISSING else MISSING


def _home_in_class(base: type, name: str, write: bool) -> Any:
    if write:
        return base
    owner, found = class_value(base, name)
    return MISSING if _data(found) is MISSING else owner


def _is_data_descriptor(found: Any) -> bool:
    return found is not MISSING and class_value(type(found), "__set__")[1] is not MISSING


def _data(found: Any) -> Any:
    """A class attribute that is a value, not something that is computed or bound when asked for."""
    if found is MISSING or class_value(type(found), "__get__")[1] is not MISSING:
        return MISSING
    return found


def key_of(key: Key, values: Sequence[Any]) -> Any:
    """The key of an item if it is of a simple type (or a tuple of such), else MISSING."""
    found = key.constant if key.root < 0 else follow(values[key.root], key.path)
    kind = type(found)
    if kind in SIMPLE:
        return found
    if kind is tuple and all(type(part) in SIMPLE for part in found):
        return found
    return MISSING
