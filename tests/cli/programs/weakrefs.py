import gc
import weakref


class Node:
    pass


def gone(reference):
    print("gone", reference() is None)


node = Node()
reference = weakref.ref(node, gone)
weakref.finalize(node, print, "finalized")
node.self = node
del node
gc.collect()
print(reference())
late = Node()
weakref.finalize(late, print, "at the end")
