"""python-socketio 5.18.1."""

import socketio
from together import together


def server_with(*clients: str) -> tuple[socketio.Server, list[str]]:
    """A server to which clients are connected, and their session ids."""
    server = socketio.Server(async_mode="threading")
    return server, [server.manager.connect(client, "/") for client in clients]


def test_two_clients_enter_a_room() -> None:
    """Up to 5.18.1, the newest.

    `basic_enter_room` sees that there is no such room (base_manager.py:166) and makes one
    (base_manager.py:167), over the one in which another client is already. Symptom: the assertion.
    """
    server, (one, other) = server_with("one", "other")
    together(lambda: server.enter_room(one, "lobby"), lambda: server.enter_room(other, "lobby"))
    assert len(list(server.manager.get_participants("/", "lobby"))) == 2


def test_one_client_leaves_a_room_as_another_comes() -> None:
    """Up to 5.18.1, the newest.

    `basic_enter_room` has seen that the room is there (base_manager.py:166) and indexes it
    (base_manager.py:170) after the last client has left and taken it away (base_manager.py:176);
    or it comes in between the question whether the room is empty (175) and the end of the room.
    Symptom: KeyError in a thread, or the assertion.
    """
    server, (one, other) = server_with("one", "other")
    server.enter_room(one, "lobby")
    together(lambda: server.leave_room(one, "lobby"), lambda: server.enter_room(other, "lobby"))
    assert server.rooms(other) == [other, "lobby"]


def test_rooms_are_listed_as_one_is_opened() -> None:
    """Up to 5.18.1, the newest.

    `get_rooms` goes through the rooms (base_manager.py:195) while another client opens one
    (base_manager.py:167). Symptom: RuntimeError, dictionary changed size during iteration.
    """
    server, (one, other) = server_with("one", "other")
    together(lambda: server.rooms(one), lambda: server.enter_room(other, "lobby"))


def test_two_clients_connect() -> None:
    """Up to 5.18.1, the newest.

    `pre_connect` sees the list of clients to come (base_manager.py:65) and appends to it
    (base_manager.py:67) after another client, the last of the list, deleted it
    (base_manager.py:83). Symptom: KeyError in a thread.
    """
    server, _ = server_with()
    together(
        lambda: server.manager.connect("one", "/"), lambda: server.manager.connect("other", "/")
    )


def test_a_client_is_disconnected_twice() -> None:
    """Up to 5.18.1, the newest.

    `Server.disconnect` asks whether the client is connected (server.py:401) and marks it as
    leaving (server.py:404): two threads both find it connected. Symptom: KeyError in the later
    one, or the assertion, as its handler is called twice.
    """
    server, (client,) = server_with("client")
    gone: list[str] = []
    server.on("disconnect", lambda sid, reason: gone.append(sid))
    together(lambda: server.disconnect(client), lambda: server.disconnect(client))
    assert gone == [client]
