import os
import sys

os.chdir("/")
sys.path.clear()
print(os.getcwd())
