"""Two tasks miss different keys: neither disturbs the other."""

import asyncio


class Cache:
    def __init__(self):
        self.entries = {}

    async def get(self, key):
        if key not in self.entries:
            value = await self.load(key)
            self.entries[key] = value
        return self.entries[key]

    async def load(self, key):
        await asyncio.sleep(0)
        return key.upper()


async def both():
    cache = Cache()
    await asyncio.gather(cache.get("a"), cache.get("b"))


def main():
    asyncio.run(both())


if __name__ == "__main__":
    main()
