import sys

if __package__:
    from . import WHO

    print(WHO, __spec__.name)
print(sys.argv, __package__, __name__, sys.path[0])
