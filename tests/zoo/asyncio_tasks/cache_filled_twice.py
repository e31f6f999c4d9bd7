"""Two tasks miss the same key in a cache, and both load it."""

import asyncio


class Cache:
    def __init__(self):
        self.entries = {}

    async def get(self, key):
        if key not in self.entries:  # expect: RC214 Cache.entries['a']
            value = await self.load(key)
            self.entries[key] = value  # expect: RC214 Cache.entries['a']
        return self.entries[key]

    async def load(self, key):
        await asyncio.sleep(0)
        return key.upper()


async def both():
    cache = Cache()
    await asyncio.gather(cache.get("a"), cache.get("a"))


def main():
    asyncio.run(both())


if __name__ == "__main__":
    main()
