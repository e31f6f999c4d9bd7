import atexit
import logging
import threading

logging.basicConfig(format="%(name)s %(message)s")
atexit.register(print, "registered first, runs last")
atexit.register(lambda: logging.warning("from atexit"))


@atexit.register
def broken():
    raise ValueError("in atexit")


atexit.register(lambda: print(threading.current_thread().name))
print("end")
