import sys

from package import WHO

print(WHO, sys.argv, __name__, __spec__.name, __package__)
sys.exit(6)
