"""Tuples, lists, and what may be one."""

import threading


class Pair:
    def __iter__(self):
        return iter((1, 2))


def work(*args):
    print(args)


def arguments():
    return (1, 2)


def start_all(unknown, *rest):
    one = 1
    both = (one, 2)
    items = [one]
    items.append(2)
    workers = [
        threading.Thread(target=work, args=("abc",)),
        threading.Thread(target=work, args=["abc"]),
        threading.Thread(target=work, args=both),
        threading.Thread(target=work, args=items),
        threading.Thread(target=work, args=rest),
        threading.Thread(target=work, args=unknown),
        threading.Thread(target=work, args=arguments()),
        threading.Thread(target=work, args=Pair()),
        threading.Thread(target=work, args=()),
        threading.Thread(target=work, args=(unknown, *rest)),
        threading.Thread(target=work, args=tuple(items)),
        threading.Timer(1.0, work, ("abc",)),
        threading.Timer(1.0, work, None),
    ]
    for worker in workers:
        worker.start()
