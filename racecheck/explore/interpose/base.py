"""What is a decision point, and what is not to be interrupted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from racecheck.explore.control.controller import Controller
from racecheck.explore.places import places
from racecheck.runtime.meeting import inner
from racecheck.runtime.threads import local

Original: TypeAlias = Callable[..., Any]
Make: TypeAlias = Callable[[Original], Original]


def at(controller: Controller, kind: str, owner: Any, *, write: bool = True) -> None:
    """The calling agent is about to do this to `owner`; nothing inside a modelled primitive."""
    agent = controller.local.agent
    if agent is None or agent.quiet or agent.outside or not controller.active:
        return
    try:
        state = local.state
    except AttributeError:
        return
    if state.muted or state.busy:
        return
    controller.point(kind, places.here(3), ((id(owner), write),))
    if controller.watch is not None:
        controller.watch.owner(agent, owner)


def point(controller: Controller, kind: str, *, write: bool = True) -> Make:
    """A method before which others may go on."""

    def make(original: Original) -> Original:
        def method(self: Any, *arguments: Any, **named: Any) -> Any:
            if inner.get(self) is None:
                at(controller, kind, self, write=write)
            return original(self, *arguments, **named)

        return method

    return make


def quiet(controller: Controller, kind: str = "") -> Make:
    """A method inside of which nobody is interrupted, since it holds locks of its own.

    It can wait there, for a thread that it starts for instance. With `kind`, others may go on
    before it begins.
    """

    def make(original: Original) -> Original:
        def method(self: Any, *arguments: Any, **named: Any) -> Any:
            agent = controller.local.agent
            if agent is None:
                return original(self, *arguments, **named)
            if kind:
                at(controller, kind, self)
            agent.quiet += 1
            try:
                return original(self, *arguments, **named)
            finally:
                agent.quiet -= 1

        return method

    return make


def noted(controller: Controller, kind: str) -> Make:
    """A method that is no decision point, and still part of what happened."""

    def make(original: Original) -> Original:
        def method(self: Any, *arguments: Any, **named: Any) -> Any:
            agent = controller.me()
            state = local.__dict__.get("state")
            muted = state is not None and (state.muted or state.busy)
            if controller.watch is not None and agent is not None and not muted:
                controller.watch.did(agent, kind, places.here(), self)
            return original(self, *arguments, **named)

        return method

    return make
