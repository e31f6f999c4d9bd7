"""Vector clocks: what is learned of, what is not, and that nothing is changed in place."""

from __future__ import annotations

from racecheck.runtime.clocks import Stamp, SyncClock, merged
from racecheck.runtime.locks import learn
from racecheck.runtime.threads import ThreadState


def pair() -> tuple[ThreadState, ThreadState]:
    return ThreadState("one", 101), ThreadState("two", 102)


def test_merging_takes_the_later_of_each_and_makes_something_new() -> None:
    mine, news = {1: 5, 2: 1}, {2: 4, 3: 2}
    assert merged(mine, 9, 7, news) == {1: 5, 2: 4, 3: 2, 9: 7}
    assert (mine, news) == ({1: 5, 2: 1}, {2: 4, 3: 2})


def test_a_published_moment_covers_what_came_before_and_not_what_comes_after() -> None:
    one, two = pair()
    before = one.clock
    stamp = one.publish()
    after = one.clock
    two.learn(stamp)
    assert two.knows(one.slot, before)
    assert not two.knows(one.slot, after)
    assert two.hard == two.known


def test_knowledge_is_passed_on() -> None:
    one, two = pair()
    three = ThreadState("three", 103)
    two.learn(one.publish())
    three.learn(two.publish())
    assert three.knows(101, 1)
    assert three.knows(102, 1)


def test_a_mutex_passes_on_the_full_order_only() -> None:
    one, two = pair()
    learn(two, (one.slot, one.clock, one.known))
    assert two.knows(101, 1)
    assert two.hard == {}


def test_a_hard_edge_tells_what_its_maker_knows_by_mutexes_in_the_full_order_only() -> None:
    one, two = pair()
    three = ThreadState("three", 103)
    learn(two, (one.slot, one.clock, one.known))
    three.learn(two.publish())
    assert three.knows(101, 1)
    assert three.hard == {102: 1}


def test_what_is_known_by_a_mutex_can_be_learned_of_by_a_hard_edge() -> None:
    one, two = pair()
    stamp = one.publish()
    learn(two, (stamp.slot, stamp.clock, stamp.known))
    two.learn(stamp)
    assert two.hard == {101: 1}


def test_one_learns_nothing_of_oneself() -> None:
    one, _ = pair()
    one.learn(one.publish())
    assert one.known == {}


def test_an_epoch_forgets_what_was_seen_and_a_hard_edge_its_chains() -> None:
    one, two = pair()
    one.seen.add("x")
    one.roots[1] = None  # type: ignore[assignment]
    one.tick()
    assert not one.seen
    assert one.roots
    one.publish()
    assert not one.roots
    two.roots[1] = None  # type: ignore[assignment]
    two.learn(one.publish())
    assert not two.roots


def test_releases_are_joined() -> None:
    one, two = pair()
    three, clock = ThreadState("three", 103), SyncClock()
    clock.acquire(three)
    assert three.known == {}
    clock.release(one)
    clock.release(two)
    clock.acquire(three)
    assert three.known == {101: 1, 102: 1}


def test_a_later_release_of_one_thread_takes_the_place_of_its_earlier_one() -> None:
    one, two = pair()
    clock = SyncClock()
    for _ in range(5):
        clock.release(one)
    clock.acquire(two)
    assert two.known == {101: 5}
    assert len(clock.stamps) == 1


def test_whoever_acquires_is_not_known_to_who_released() -> None:
    one, two = pair()
    clock = SyncClock()
    clock.release(one)
    clock.acquire(two)
    assert one.known == {}


def test_a_stamp_is_a_plain_tuple() -> None:
    assert Stamp(1, 2, {}, {}) == (1, 2, {}, {})
