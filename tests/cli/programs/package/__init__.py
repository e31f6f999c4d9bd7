import sys

WHO = sys.argv[0]
