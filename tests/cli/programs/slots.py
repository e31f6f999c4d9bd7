class Slotted:
    __slots__ = ("a",)

    def __init__(self):
        self.a = 1


one = Slotted()
one.a += 1
print(one.a, hasattr(one, "__dict__"))
try:
    one.b = 2
except AttributeError as error:
    print(error)
try:
    del one.a
    one.a
except AttributeError as error:
    print(error)
