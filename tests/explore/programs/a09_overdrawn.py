"""Enough when it was looked at, too little when it was paid."""
# expect: fails assertion
# switches: 1
# expect: fails race RC101 Account.balance
# switches: 1
# expect: fails race RC214 Account.balance
# switches: 1

import asyncio


class Account:
    def __init__(self):
        self.balance = 100

    async def withdraw(self, amount):
        if self.balance >= amount:
            await asyncio.sleep(0)
            self.balance -= amount


async def withdraw_later(account, amount):
    for _ in range(3):
        await asyncio.sleep(0)
    await account.withdraw(amount)


async def main():
    account = Account()
    await asyncio.gather(account.withdraw(80), withdraw_later(account, 80))
    assert account.balance >= 0


def test():
    asyncio.run(main())
