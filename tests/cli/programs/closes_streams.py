import os
import sys

sys.stdout.write("last words\n")
sys.stdout.close()
sys.stderr.close()
os.close(2)
