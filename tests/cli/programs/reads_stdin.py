# stdin: some text
import sys

print(sys.stdin.read().upper(), sys.stdin.encoding, sys.stdin.isatty())
print(sys.stdout.errors, sys.stderr.errors, sys.stdout.line_buffering)
