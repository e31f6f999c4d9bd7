import other

print(other.VALUE, __file__)
