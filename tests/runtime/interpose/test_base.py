"""Replacements under every name: one look for all of them, and all is put back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from racecheck.runtime.interpose.base import Patches


class Value:
    """Something that modules refer to."""


@pytest.fixture
def module() -> Iterator[ModuleType]:
    made = ModuleType("somebodys_module")
    sys.modules[made.__name__] = made
    yield made
    del sys.modules[made.__name__]


def test_every_name_is_replaced_and_put_back(module: ModuleType) -> None:
    original, ours, patches = Value(), Value(), Patches()
    module.one = module.two = original  # type: ignore[attr-defined]
    patches.everywhere(original, ours)
    assert (module.one, module.two) == (ours, ours)
    patches.undo()
    assert (module.one, module.two) == (original, original)


def test_together_nothing_is_replaced_before_the_end(module: ModuleType) -> None:
    original, ours, patches = Value(), Value(), Patches()
    module.one = original  # type: ignore[attr-defined]
    with patches.together():
        with patches.together():
            patches.everywhere(original, ours)
        assert module.one is original
    assert module.one is ours


@pytest.mark.parametrize("together", [True, False])
def test_what_is_replaced_twice_is_put_back_to_the_first(
    module: ModuleType, *, together: bool
) -> None:
    original, first, second, patches = Value(), Value(), Value(), Patches()
    module.one = original  # type: ignore[attr-defined]
    if together:
        with patches.together():
            patches.everywhere(original, first)
            patches.everywhere(first, second)
    else:
        patches.everywhere(original, first)
        patches.everywhere(first, second)
    assert module.one is second
    module.late = second  # type: ignore[attr-defined]
    patches.undo()
    assert (module.one, module.late) == (original, original)


def test_a_name_that_stood_for_the_replacement_before_goes_on_to(module: ModuleType) -> None:
    original, ours, patches = Value(), Value(), Patches()
    module.one, module.own = original, ours  # type: ignore[attr-defined]
    patches.everywhere(original, ours)
    patches.undo()
    assert (module.one, module.own) == (original, ours)


def test_what_refers_to_a_maker_elsewhere_is_replaced_and_put_back(module: ModuleType) -> None:
    original, ours, patches = Value(), Value(), Patches()
    module.table = {"kind": original}  # type: ignore[attr-defined]
    patches.adopt({original: ours}, {})
    assert module.table == {"kind": ours}
    patches.undo()
    assert module.table == {"kind": original}


def test_what_exists_of_a_kind_is_replaced_and_put_back(module: ModuleType) -> None:
    one, patches = Value(), Patches()
    module.table = {"one": one}  # type: ignore[attr-defined]
    patches.adopt({}, {Value: lambda old, _: [old]})
    assert module.table == {"one": [one]}
    patches.undo()
    assert module.table == {"one": one}
