import sys


def down(depth):
    return down(depth + 1)


try:
    down(0)
except RecursionError as error:
    print(error)
print(sys.getrecursionlimit())
