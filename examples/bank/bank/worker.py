"""Nightly settlement, one thread per shard."""

from concurrent.futures import ThreadPoolExecutor
from threading import Thread

from bank.ledger import Ledger, transfer


def settle_all(ledger: Ledger, fees: list[int]) -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        for fee in fees:
            pool.submit(ledger.settle, fee)


def rebalance(a: Ledger, b: Ledger) -> None:
    one = Thread(target=transfer, args=(a, b, 10), name="rebalance-1")
    two = Thread(target=transfer, args=(b, a, 20), name="rebalance-2")
    one.start(), two.start()
    one.join(), two.join()
