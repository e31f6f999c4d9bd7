import atexit


class Loud:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("deleted", self.name)


held = Loud("module")
cycle = Loud("cycle")
cycle.me = cycle
atexit.register(print, "at exit")
Loud("at once")
