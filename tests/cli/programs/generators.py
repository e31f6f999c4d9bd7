def numbers():
    try:
        got = yield 1
        print("got", got)
        yield from range(3)
    finally:
        print("closed")


one = numbers()
print(next(one), one.send("x"))
one.close()
print(list(numbers()))


async def later():
    yield 1


print(type(later()).__name__)
