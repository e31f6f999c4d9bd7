import sys

print("before")
sys.exit("that is why")
