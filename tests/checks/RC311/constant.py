"""Arguments that rule out what the callee would wait for, and those that do not."""

import socket
import subprocess
import threading


class Jobs:
    def __init__(self):
        self._lock = threading.Lock()
        self._process = None

    def stop(self):
        with self._lock:
            self._process = None


def run(command, *, wait=True):
    process = subprocess.Popen(command)
    if not wait:
        return process
    process.communicate()
    return process


class Started(Jobs):
    def start(self, command):
        with self._lock:
            self._process = run(command, wait=False)


def launch(command, wait):
    return through(command, wait)


def through(command, wait=True):
    process = subprocess.Popen(command)
    if wait:
        process.communicate()
    return process


class Through(Jobs):
    """The constant is handed on."""

    def start(self, command):
        with self._lock:
            self._process = launch(command, False)


def with_limit(command, limit=None):
    process = subprocess.Popen(command)
    if limit is not None:
        process.communicate()
    return process


class ByDefault(Jobs):
    def start(self, command):
        with self._lock:
            self._process = with_limit(command)


def again(command, *, wait=True):
    process = subprocess.Popen(command)
    if not wait:
        return process
    process.communicate()
    return process


class Waits(Jobs):
    def start(self, command):
        with self._lock:
            self._process = again(command)  # RC311


def some(command, *, wait=True):
    process = subprocess.Popen(command)
    if wait:
        process.communicate()
    return process


class Unknown(Jobs):
    def start(self, command, wait):
        with self._lock:
            self._process = some(command, wait=wait)  # RC311


def own(command, wait=False):
    process = subprocess.Popen(command)
    wait = wait or command
    if wait:
        process.communicate()
    return process


class Assigned(Jobs):
    """The function makes up its own mind."""

    def start(self, command):
        with self._lock:
            self._process = own(command, False)  # RC311


def options(command, wait=False):
    process = subprocess.Popen(command)
    if wait:
        process.communicate()
    return process


class Starred(Jobs):
    """Something may be among the options."""

    def start(self, command, **more):
        with self._lock:
            self._process = options(command, **more)  # RC311


def after(command, wait=False):
    process = subprocess.Popen(command)
    if wait:
        print("waiting")
    process.communicate()
    return process


class After(Jobs):
    """The wait is not in the branch."""

    def start(self, command):
        with self._lock:
            self._process = after(command)  # RC311


class Names:
    def __init__(self):
        self._lock = threading.Lock()
        self._known = {}

    def forget(self, host):
        with self._lock:
            self._known.pop(host, None)

    def here(self, host):
        with self._lock:
            if host == "localhost":
                host = socket.gethostbyname(host)
            self._known[host] = True

    def there(self, host):
        with self._lock:
            if host != "localhost":
                host = socket.gethostbyname(host)  # RC311
            self._known[host] = True
