import os
import threading

threading.Thread(target=lambda: os._exit(4)).start()
threading.Event().wait()
