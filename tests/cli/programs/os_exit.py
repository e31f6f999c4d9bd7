import os
import sys

print("flushed", flush=True)
sys.stdout.write("lost in the buffer")
os._exit(9)
