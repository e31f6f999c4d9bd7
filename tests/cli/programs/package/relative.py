from .other import VALUE

print(VALUE, __package__)
from .missing import nothing
