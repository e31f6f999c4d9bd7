import os
import sys

print("one", flush=True)
try:
    os.execv("/nothing/here", ["here"])
except OSError as error:
    print(type(error).__name__, flush=True)
os.execl(sys.executable, sys.executable, "-c", "print('two'); raise SystemExit(3)")
