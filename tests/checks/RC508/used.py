"""Coroutines that somebody awaits, and calls that are none."""

import asyncio
import functools


def runs(function):
    @functools.wraps(function)
    def run(*args):
        return asyncio.run(function(*args))

    return run


@runs
async def command(text):
    await asyncio.sleep(0.1)
    print(text)


async def save(text):
    await asyncio.sleep(0.1)
    print(text)


class Session:
    def close(self):
        print("closed")


class Twin(Session):
    async def close(self):
        await asyncio.sleep(0)


def either(session: Session):
    session.close()


def unknown(session):
    session.close()


async def main(callbacks):
    command("a")
    callbacks.append(save("a"))
    await asyncio.gather(save("a"), save("b"))
    job = save("c")
    await job
    asyncio.gather(save("d"))
    asyncio.current_task()


def test_error(pytest):
    with pytest.raises(TypeError):
        save()


async def test_mocked(mock):
    session = Twin()
    session.close = mock.Mock()
    session.close()
