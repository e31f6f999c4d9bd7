"""A thread does its part while the task awaits it; then the task goes on."""
# expect: passes
# switches: 0

import asyncio


class Report:
    def __init__(self):
        self.lines = 0

    def read(self):
        self.lines += 1

    async def make(self):
        await asyncio.to_thread(self.read)
        self.lines += 1


async def main():
    reports = [Report(), Report()]
    await asyncio.gather(*(report.make() for report in reports))
    assert [report.lines for report in reports] == [2, 2]


def test():
    asyncio.run(main())
