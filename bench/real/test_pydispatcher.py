"""PyDispatcher 2.0.7."""

from pydispatch import dispatcher
from together import together

SAVED = "saved"


class Document:
    """Something that sends."""


class Listener:
    """Something that is told."""

    def __init__(self) -> None:
        self.told = 0

    def on_saved(self) -> None:
        self.told += 1


def connect(listener: Listener, document: Document) -> None:
    dispatcher.connect(listener.on_saved, signal=SAVED, sender=document)


def disconnect(listener: Listener, document: Document) -> None:
    dispatcher.disconnect(listener.on_saved, signal=SAVED, sender=document)


def test_two_listeners_connect() -> None:
    """Up to 2.0.7, the newest.

    `connect` asks whether the sender has a table (dispatcher.py:132) and gives it one
    (dispatcher.py:135), and so for the signal (152 and 156): the later one wipes out the
    connection of the earlier. Symptom: the assertion.
    """
    document, one, other = Document(), Listener(), Listener()
    together(lambda: connect(one, document), lambda: connect(other, document))
    dispatcher.send(signal=SAVED, sender=document)
    assert (one.told, other.told) == (1, 1)


def test_the_last_two_listeners_disconnect() -> None:
    """Up to 2.0.7, the newest.

    `_cleanupConnections` sees that no receiver is left (dispatcher.py:399) and deletes the signal
    (dispatcher.py:406), which another thread has deleted. Symptom: KeyError in a thread.
    """
    document, one, other = Document(), Listener(), Listener()
    connect(one, document)
    connect(other, document)
    together(lambda: disconnect(one, document), lambda: disconnect(other, document))


def test_one_listener_leaves_as_another_comes() -> None:
    """Up to 2.0.7, the newest.

    `connect` has looked up the list of receivers (dispatcher.py:153) and appends to it
    (dispatcher.py:166), which `disconnect` found empty and threw away (406). Symptom: the
    assertion.
    """
    document, early, late = Document(), Listener(), Listener()
    connect(early, document)
    together(lambda: disconnect(early, document), lambda: connect(late, document))
    dispatcher.send(signal=SAVED, sender=document)
    assert late.told == 1


def test_a_listener_leaves_as_a_signal_is_sent() -> None:
    """Up to 2.0.7, the newest.

    `getAllReceivers` goes through the list of receivers itself (dispatcher.py:285) while
    `disconnect` deletes from it (dispatcher.py:457): the next receiver is passed over. Symptom:
    the assertion.
    """
    document, one, other = Document(), Listener(), Listener()
    connect(one, document)
    connect(other, document)
    together(
        lambda: dispatcher.send(signal=SAVED, sender=document),
        lambda: disconnect(one, document),
    )
    assert other.told == 1
