class Meta(type):
    made = []

    def __new__(mcls, name, bases, space, **options):
        mcls.made.append((name, sorted(space), options))
        return super().__new__(mcls, name, bases, space)

    def __getattr__(cls, name):
        return f"no {name} in {cls.__name__}"


class Base(metaclass=Meta):
    x: int = 1


class Sub(Base, metaclass=Meta, flag=True):
    def __set_name__(self, owner, name):
        pass


print(Meta.made)
print(Sub.x, Sub.y, Base.__annotations__)
