import sys

print(__name__, __spec__.name, __file__, sys.argv)
raise ValueError("in a module")
