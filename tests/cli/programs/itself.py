import __main__
import gc
import sys

print(__name__, __file__, __doc__, __package__, __spec__, type(__loader__).__name__)
print(sorted(globals()))
print(sys.argv, sys.path[0], __main__ is sys.modules["__main__"], vars(__main__) is globals())
print(gc.isenabled(), gc.get_threshold(), sys.getswitchinterval(), sys.gettrace.__name__)
print(type(__builtins__).__name__, sys.flags.optimize)
