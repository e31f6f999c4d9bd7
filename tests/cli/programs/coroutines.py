import asyncio


async def work(number):
    await asyncio.sleep(0)
    return await asyncio.to_thread(lambda: number * 2)


async def main():
    print(await asyncio.gather(*(work(n) for n in range(4))))
    try:
        async with asyncio.timeout(0.01):
            await asyncio.Event().wait()
    except TimeoutError as error:
        print(repr(error))
    raise RuntimeError("at the end")


asyncio.run(main())
