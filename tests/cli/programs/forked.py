import os
import sys

print("parent", flush=True)
child = os.fork()
if not child:
    print("child", flush=True)
    sys.exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
