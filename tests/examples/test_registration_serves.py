"""The repaired registration service under load, and both forms started as programs."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from examples.registration.repaired.service import CATALOGUE, Service

ROOT = Path(__file__).parents[2]
USERS = [f"user{n}" for n in range(20)]
PATIENCE = 30.0


class Client:
    """One caller; a connection a request, as a browser without keep-alive."""

    def __init__(self, port: int, token: str = "") -> None:
        self.port = port
        self.token = token

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            with connection.getresponse() as reply:
                return reply.status, json.load(reply)
        finally:
            connection.close()

    def post(self, path: str, **body: object) -> tuple[int, Any]:
        return self.ask("POST", path, body)

    def log_in(self, user: str) -> Client:
        status, reply = self.post("/login", name=user, password="secret")
        assert status == 200
        return Client(self.port, reply["token"])


@pytest.fixture
def threads_end() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before, "the service left threads behind"


@pytest.fixture
def service(threads_end: None, capsys: pytest.CaptureFixture[str]) -> Iterator[Service]:
    service = Service(0, ":memory:")
    service.start()
    yield service
    service.stop()


def from_eight_threads(job: Callable[[str], Any], names: list[str]) -> list[Any]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(job, names, timeout=PATIENCE))


def test_twenty_users_sign_up_from_eight_threads(service: Service) -> None:
    client = Client(service.server.server_port)
    replies = from_eight_threads(
        lambda user: client.post("/sign-up", name=user, password="secret"), USERS
    )
    assert {status for status, _ in replies} == {201}
    numbers = {reply["number"] for _, reply in replies}
    assert numbers == set(range(1, 13)) | set(range(14, 22)), "13 is skipped, none is given twice"
    assert sorted(service.users.names()) == sorted(USERS)


def test_of_eight_sign_ups_with_one_name_one_succeeds(service: Service) -> None:
    client = Client(service.server.server_port)
    replies = from_eight_threads(
        lambda _: client.post("/sign-up", name="ann", password="secret"), ["ann"] * 8
    )
    assert Counter(status for status, _ in replies) == {201: 1, 409: 7}


def test_stock_never_goes_below_zero_and_totals_are_exact(service: Service) -> None:
    client = Client(service.server.server_port)
    seen: list[int] = []

    def shop(user: str) -> list[int]:
        """Mugs run out in the first round, bags in the second; a refused cart is kept."""
        client.post("/sign-up", name=user, password="secret")
        mine = client.log_in(user)
        cart: Counter[str] = Counter()
        paid = []
        for lines in ({"pen": 3, "mug": 2}, {"pen": 1, "bag": 1}):
            for good, count in lines.items():
                assert mine.post("/cart", good=good, count=count)[0] == 200
            cart.update(lines)
            status, reply = mine.post("/checkout", now=True)
            assert status in (200, 409)
            if status == 200:
                assert reply["total"] == sum(CATALOGUE[good][0] * n for good, n in cart.items())
                paid.append(reply["total"])
                cart.clear()
            seen.extend(line["stock"] for line in mine.ask("GET", "/goods")[1].values())
        return paid

    paid = [total for totals in from_eight_threads(shop, USERS) for total in totals]
    left = {good: line["stock"] for good, line in client.ask("GET", "/goods")[1].items()}
    assert min(seen) >= 0
    assert left["mug"] == 0, "twenty users wanted two of twenty mugs each"
    sold = sum((pieces - left[good]) * price for good, (price, pieces) in CATALOGUE.items())
    assert sold == sum(paid)
    orders = client.ask("GET", "/statistics")[1]["orders"]
    assert orders == {"count": len(paid), "turnover": sold}


def test_discontinued_goods_leave_the_carts_while_others_check_out(service: Service) -> None:
    client = Client(service.server.server_port)

    def shop(user: str) -> None:
        client.post("/sign-up", name=user, password="secret")
        mine = client.log_in(user)
        mine.post("/cart", good="pen", count=1)
        if user == USERS[5]:
            service.console.submit("discontinue pen")
        mine.post("/checkout", now=True)

    from_eight_threads(shop, USERS)
    service.console.stop()
    assert "pen" not in client.ask("GET", "/goods")[1]


def test_letters_are_sent_and_the_refused_one_does_not_stop_the_rest(service: Service) -> None:
    client = Client(service.server.server_port)
    for name in ("ann", "bob!", "eve"):
        client.post("/sign-up", name=name, password="secret")
    service.mailer.drain()
    assert service.mailer.figures() == {"sent": 2, "failed": 1}


def test_a_client_waits_for_the_next_event(service: Service) -> None:
    client = Client(service.server.server_port)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.ask, "GET", "/events/0")
        client.post("/sign-up", name="ann", password="secret")
        status, events = waiting.result(PATIENCE)
    assert (status, events) == (200, [{"number": 1, "kind": "signed-up", "text": "ann"}])


def test_logging_everybody_out_ends_the_sessions(service: Service) -> None:
    client = Client(service.server.server_port)
    client.post("/sign-up", name="ann", password="secret")
    mine = client.log_in("ann")
    assert mine.ask("GET", "/cart")[0] == 200
    service.sessions.close_all()
    assert mine.ask("GET", "/cart")[0] == 401


def test_accounts_survive_a_restart(
    tmp_path: Path, threads_end: None, capsys: pytest.CaptureFixture[str]
) -> None:
    statistics = tmp_path / "statistics.jsonl"
    for expected in (201, 409):
        service = Service(0, str(tmp_path / "shop.db"), statistics)
        service.start()
        status, _ = Client(service.server.server_port).post("/sign-up", name="ann", password="x")
        service.stop()
        assert status == expected
    lines = [json.loads(line) for line in statistics.read_text("utf-8").splitlines()]
    assert [line.get("POST 409", 0) for line in lines][-1] == 1


@pytest.mark.parametrize("form", ["buggy", "repaired"])
def test_each_form_runs_as_a_program(form: str) -> None:
    command = [sys.executable, "-B", "-m", f"examples.registration.{form}", "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as shop:
        try:
            assert shop.stdout is not None
            port = int(shop.stdout.readline().rsplit(b":", 1)[1])
            client = Client(port)
            assert client.post("/sign-up", name="ann", password="secret") == (201, {"number": 1})
            mine = client.log_in("ann")
            mine.post("/cart", good="mug", count=3)
            assert mine.post("/checkout", now=True) == (200, {"order": 1, "total": 2700})
            assert client.ask("GET", "/goods")[1]["mug"]["stock"] == 17
            if form == "repaired":
                shop.send_signal(signal.SIGTERM)
                assert shop.wait(PATIENCE) == 0
        finally:
            shop.kill()


def test_the_console_of_the_repaired_form_takes_commands() -> None:
    command = [sys.executable, "-B", "-m", "examples.registration.repaired", "--port", "0"]
    commands = "users\nadd bob x\nunlock\nadd bob x\ndeliver mug 2\nusers\nquit\n"
    done = subprocess.run(
        [*command, "--console"],
        cwd=ROOT,
        input=commands,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    answers = [line for line in done.stdout.splitlines() if line.startswith("shop")]
    assert answers == [
        "shop> nobody yet",
        "shop> unlock first",
        "shop> users can be added from here",
        "shop> bob is number 1",
        "shop> 2 more of mug",
        "shop> bob",
    ]
    assert done.stderr == ""
