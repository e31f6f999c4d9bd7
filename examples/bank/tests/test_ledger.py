from threading import Thread

from bank.ledger import Ledger
from bank.worker import rebalance, settle_all


def test_fees_are_all_charged() -> None:
    ledger = Ledger(balance=1_000)
    settle_all(ledger, fees=[1] * 100)
    assert ledger.total() == 900


def test_rebalance_keeps_the_sum() -> None:
    a, b = Ledger(100), Ledger(100)
    rebalance(a, b)
    assert a.total() + b.total() == 200


def test_balance_never_goes_negative() -> None:
    ledger = Ledger(balance=100)
    threads = [
        Thread(target=ledger.withdraw, args=(80,), name=f"withdraw-{n}")
        for n in (1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.balance >= 0
