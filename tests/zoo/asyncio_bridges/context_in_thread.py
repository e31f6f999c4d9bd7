"""`to_thread` takes a copy of the context along."""

import asyncio
import contextvars

counted = contextvars.ContextVar("counted", default=0)


def add(results):
    counted.set(counted.get() + 1)
    results.append(counted.get())


async def work(results):
    counted.set(5)
    await asyncio.gather(*(asyncio.to_thread(add, mine) for mine in results))
    assert counted.get() == 5


def main():
    results = ([], [])
    asyncio.run(work(results))
    assert results == ([6], [6])


if __name__ == "__main__":
    main()
