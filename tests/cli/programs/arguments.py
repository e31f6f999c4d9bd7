# args: --number 3 name --backend x -o out
import argparse
import sys

parser = argparse.ArgumentParser(description="a program")
parser.add_argument("--number", type=int)
parser.add_argument("--backend")
parser.add_argument("-o")
parser.add_argument("name")
print(parser.parse_args(), parser.prog, sys.argv)
