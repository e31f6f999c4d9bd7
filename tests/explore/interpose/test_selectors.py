"""Selectors under control, and what is waited for from outside of the process."""

from __future__ import annotations

import asyncio
import gc
import select
import selectors
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from racecheck.explore.bounds import Bounds
from racecheck.explore.outcome import DEADLOCK
from racecheck.explore.recording import same
from tests.explore.whole import HOUR, every, marks, recorded

KINDS = [
    kind
    for name in ("SelectSelector", "PollSelector", "EpollSelector", "KqueueSelector")
    if (kind := getattr(selectors, name, None)) is not None
]


@contextmanager
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def watched(kind: Callable[[], Any], *sockets: socket.socket) -> Any:
    selector = kind()
    for one in sockets:
        selector.register(one, selectors.EVENT_READ)
    return selector


class TestOurOwn:
    @pytest.mark.parametrize("kind", KINDS)
    def test_one_thread_waits_for_what_another_sends(self, shared: Any, kind: Any) -> None:
        def body() -> None:
            with pair() as (here, there), watched(kind, here) as selector:
                thread = threading.Thread(target=there.send, args=(b"x",))
                thread.start()
                ((key, _),) = selector.select()
                assert key.fileobj is here
                thread.join()

        runs = every(shared, body)
        assert not marks(runs)
        assert not any(run.uncontrolled or run.limit for run in runs)

    @pytest.mark.parametrize("kind", KINDS)
    def test_time_is_virtual(self, shared: Any, kind: Any) -> None:
        def body() -> None:
            with pair() as (here, _), watched(kind, here) as selector:
                began = time.monotonic()
                assert selector.select(HOUR) == []
                assert HOUR <= time.monotonic() - began < HOUR + 1

        run = shared.once(body)
        assert not run.failures
        assert not run.uncontrolled

    def test_who_looks_without_waiting_lets_others_come(self, shared: Any) -> None:
        def body() -> None:
            with pair() as (here, there), watched(selectors.DefaultSelector, here) as selector:
                thread = threading.Thread(target=there.send, args=(b"x",))
                thread.start()
                while not selector.select(0):
                    pass
                thread.join()

        run = shared.once(body)
        assert not run.failures
        assert run.steps < 20

    def test_one_that_is_closed_meanwhile(self, shared: Any) -> None:
        def body() -> None:
            with pair() as (here, _):
                selector = watched(selectors.DefaultSelector, here)
                thread = threading.Thread(target=selector.close)
                thread.start()
                with pytest.raises((OSError, ValueError, RuntimeError, KeyError, TypeError)):
                    selector.select()
                thread.join()

        assert not marks(every(shared, body))

    def test_streams_within_one_loop_repeat(self, shared: Any) -> None:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            line = await reader.readline()
            await asyncio.sleep(HOUR)
            writer.write(line.upper())
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        async def ask(port: int) -> bytes:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"who\n")
            await writer.drain()
            line = await asyncio.wait_for(reader.readline(), 2 * HOUR)
            writer.close()
            await writer.wait_closed()
            return line

        async def main() -> None:
            server = await asyncio.start_server(answer, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            assert await asyncio.gather(ask(port), ask(port)) == [b"WHO\n", b"WHO\n"]
            server.close()
            await server.wait_closed()

        def body() -> None:
            asyncio.run(main())

        assert same(recorded(shared, body), recorded(shared, body)) is None
        runs = shared.often(body, 20)
        assert not marks(runs)
        assert not any(run.uncontrolled or run.limit for run in runs)

    def test_a_server_on_a_thread(self, shared: Any) -> None:
        class Shout(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.sendall(self.request.recv(100).upper())

        def body() -> None:
            with socketserver.TCPServer(("127.0.0.1", 0), Shout) as server:
                thread = threading.Thread(target=server.serve_forever)
                thread.start()
                with socket.create_connection(server.server_address) as client:
                    client.sendall(b"hi")
                    assert client.recv(10) == b"HI"
                server.shutdown()
                thread.join()

        for run in shared.often(body, 5):
            assert not run.failures
            assert not run.limit
            # Why: nobody knows what a socket's `recv` waits for.
            assert any("outside" in text for text in run.uncontrolled)


class TestOutside:
    def test_a_process_is_given_its_time(self, shared: Any) -> None:
        code = "import time; time.sleep(0.1); print('done')"

        async def main() -> None:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-S", "-c", code, stdout=asyncio.subprocess.PIPE
            )
            said, _ = await asyncio.wait_for(process.communicate(), 60)
            assert said.split() == [b"done"]

        run = shared.once(lambda: asyncio.run(main()))
        assert not run.failures
        assert not run.limit
        assert any("outside" in text for text in run.uncontrolled)

    def test_who_looks_now_and_then_for_a_process_gives_it_its_time(self, shared: Any) -> None:
        def body() -> None:
            command = [sys.executable, "-S", "-c", "import time; time.sleep(0.1)"]
            with subprocess.Popen(command) as process:
                assert process.wait(60) == 0
            with subprocess.Popen(command) as process:
                for _ in range(600):
                    if process.poll() is not None:
                        break
                    time.sleep(0.1)
                else:
                    raise AssertionError("it has not ended")

        run = shared.once(body)
        assert not run.failures
        assert not run.limit
        assert run.uncontrolled == ("child processes ran, so time was real",)

    def test_what_a_process_sends_to_a_thread_that_has_a_limit(self, shared: Any) -> None:
        def body() -> None:
            with pair() as (here, there), watched(selectors.DefaultSelector, here) as selector:
                file = there.fileno()
                code = f"import os; os.write({file}, b'x')"
                command = [sys.executable, "-S", "-c", code]
                with subprocess.Popen(command, pass_fds=(file,)):
                    assert selector.select(60)

        run = shared.once(body)
        assert not run.failures
        assert not run.limit

    def test_if_nothing_comes_the_run_is_ended(
        self, shared: Any, monkeypatch: pytest.MonkeyPatch, capfd: Any
    ) -> None:
        monkeypatch.setattr(shared.lab.controller, "bounds", Bounds(away_seconds=0.05))

        async def main(here: socket.socket) -> None:
            here.setblocking(False)
            await asyncio.get_running_loop().sock_recv(here, 10)

        def body() -> None:
            with pair() as (here, _):
                asyncio.run(main(here))

        run = shared.once(body)
        assert not run.failures
        assert run.limit == "nothing came from outside for 0.05 s"
        gc.collect()
        assert capfd.readouterr() == ("", "")

    def test_a_loop_with_nothing_but_its_own_pipe_waits_for_nobody(self, shared: Any) -> None:
        async def main() -> None:
            await asyncio.get_running_loop().create_future()

        run = shared.once(lambda: asyncio.run(main()))
        assert marks([run]) == {DEADLOCK}
        assert not run.uncontrolled

    def test_a_socket_that_is_read_in_its_own_way(self, shared: Any) -> None:
        def body() -> None:
            with pair() as (here, there):
                got: list[bytes] = []
                thread = threading.Thread(target=lambda: got.append(here.recv(10)))
                thread.start()
                time.sleep(0.01)
                there.send(b"x")
                thread.join()
                assert got == [b"x"]

        for run in shared.often(body, 5):
            assert not run.failures
            assert not run.limit

    @pytest.mark.skipif(not hasattr(select, "poll"), reason="there is no poll")
    def test_time_passes_while_somebody_waits_in_its_own_way(self, shared: Any) -> None:
        def body() -> None:
            with pair() as (here, _):
                poll = select.poll()
                poll.register(here, select.POLLIN)
                end = time.monotonic() + 0.2
                while time.monotonic() < end:
                    poll.poll(200)

        run = shared.once(body)
        assert not run.failures
        assert not run.limit
        assert run.uncontrolled
