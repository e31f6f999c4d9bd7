import sys


def hook(*_):
    raise RuntimeError("hook")


sys.excepthook = hook
1 / 0
