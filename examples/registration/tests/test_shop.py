"""Ordinary tests of the parts, from two threads each. They pass for both forms, nearly every time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest


def together(*jobs: Callable[[], Any]) -> None:
    """Run each job on a thread of its own and wait for all."""
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def storage(shop: SimpleNamespace) -> Iterator[Any]:
    """A database in memory, opened already."""
    storage = shop.storage.Storage(":memory:")
    storage.turnover()
    yield storage
    storage.close()


def test_two_users_sign_up(shop: SimpleNamespace, storage: Any) -> None:
    users = shop.users.Users(storage)
    together(lambda: users.sign_up("ann", "secret"), lambda: users.sign_up("bob", "secret"))
    assert sorted(users.names()) == ["ann", "bob"]


def test_one_name_is_given_once(shop: SimpleNamespace, storage: Any) -> None:
    users = shop.users.Users(storage)
    refused = []

    def sign_up() -> None:
        try:
            users.sign_up("ann", "secret")
        except shop.errors.Refused as refusal:
            refused.append(refusal)

    together(sign_up, sign_up)
    assert users.names() == ["ann"]


def test_requests_are_counted(shop: SimpleNamespace) -> None:
    counters = shop.stats.Counters()
    together(lambda: counters.bump("GET 200", 0.1), lambda: counters.bump("GET 200", 0.2))
    assert counters.total() == 2


def test_the_total_can_be_asked_for_at_any_time(shop: SimpleNamespace) -> None:
    counters = shop.stats.Counters()
    counters.bump("GET 200", 0.1)
    together(counters.total, lambda: counters.bump("POST 201", 0.1))
    assert counters.total() == 2


def test_stock_is_sold_and_delivered(shop: SimpleNamespace) -> None:
    goods = shop.goods.Goods()
    goods.load({"mug": (900, 20)})
    together(lambda: goods.take("mug", 2), lambda: goods.take("mug", 3))
    together(lambda: goods.take("mug", 5), lambda: goods.put_back("mug", 10))
    assert goods.listing()["mug"]["stock"] == 20


def test_the_last_mug_is_sold_once(shop: SimpleNamespace) -> None:
    goods = shop.goods.Goods()
    goods.load({"mug": (900, 1)})
    sold = []

    def buy() -> None:
        try:
            sold.append(goods.take("mug", 1))
        except shop.errors.Refused:
            pass

    together(buy, buy)
    assert goods.listing()["mug"]["stock"] == 0
    assert sold == [900]


def test_a_good_is_discontinued_while_somebody_shops(shop: SimpleNamespace, storage: Any) -> None:
    goods = shop.goods.Goods()
    goods.load({"mug": (900, 20), "pen": (250, 200)})
    carts = shop.cart.Carts(goods, storage)

    def discontinue() -> None:
        time.sleep(0.05)
        goods.discontinue("pen", carts)

    together(lambda: carts.add("ann", "mug", 1), discontinue)
    assert carts.content("ann") == {"mug": 1}


def test_the_database_is_opened_once(shop: SimpleNamespace, tmp_path: Any) -> None:
    storage = shop.storage.Storage(str(tmp_path / "shop.db"))
    together(storage.turnover, storage.turnover)
    assert storage.turnover() == (0, 0)
    storage.close()


def test_an_unknown_token_is_nobody(shop: SimpleNamespace) -> None:
    sessions = shop.sessions.Sessions()
    known = sessions.open("ann")
    found = []

    def ask(token: str) -> None:
        try:
            found.append(sessions.user_of(token))
        except shop.errors.Refused:
            found.append(None)

    together(lambda: ask(known))
    together(lambda: ask("made up"))
    assert found == ["ann", None]
