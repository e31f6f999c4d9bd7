import atexit
import threading

atexit.register(print, "at exit")
gate = threading.Event()


def work():
    gate.wait()
    print("thread ends")


threading.Thread(target=work).start()
gate.set()
print("main ends")
