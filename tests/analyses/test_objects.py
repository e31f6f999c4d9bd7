"""Which threads come to an object that they did not make."""

from __future__ import annotations

import pytest

from racecheck.analyses.objects import Objects
from racecheck.program.model import Program, Use
from tests.program.build import program


def use(made: Program, where: str, path: str) -> Use:
    """The first use of this state in a function."""
    base, _, name = path.rpartition(".")
    found = [
        use
        for state in made.states.values()
        for use in state.uses
        if state.id.name == name and use.base == base and use.function.label == where
    ]
    assert found, (where, path)
    return found[0]


def threads(made: Program, where: str, path: str = "self.items") -> list[str]:
    """The functions whose threads come to a use."""
    arrivals = Objects(made).arrivals(use(made, where, path))
    return sorted({a.entry.function.rpartition(":")[2] for a in arrivals})


TABLE = """
    import threading

    class Table:
        def __init__(self):
            self.items = {}

        def put(self, key):
            self.items[key] = key

    KEPT = []

    def _fill(table):
        table.put(1)

    def _make():
        return Table()

    def _keep():
        table = Table()
        KEPT.append(table)
        return table

    class Owner:
        def __init__(self):
            self.table = Table()
            self.lent = TABLE

        def use(self):
            self.table.put(1)

        def use_lent(self):
            self.lent.put(1)

    TABLE = Table()
    OWNER = Owner()

    def work():
        BODY

    def main():
        threading.Thread(target=work).start()
"""


def table(body: str) -> list[str]:
    lines = "\n        ".join(body.splitlines())
    return threads(program(app=TABLE.replace("BODY", lines)), "Table.put")


@pytest.mark.parametrize(
    "body",
    [
        "table = Table()\ntable.put(1)",
        "Table().put(1)",
        "table = Table()\n_fill(table)",
        "_fill(Table())",
        "table = _make()\ntable.put(1)",
        "table = Table()\nother = table\n_fill(Table())",
        "Owner().use()",
        "owner = Owner()\nowner.use()",
        "owner = Owner()\nowner.table.put(1)",
    ],
)
def test_an_object_of_its_own(body: str) -> None:
    assert table(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "TABLE.put(1)",
        "_fill(TABLE)",
        "table = Table()\nKEPT.append(table)\ntable.put(1)",
        "table = _keep()\ntable.put(1)",
        "OWNER.use()",
        "OWNER.table.put(1)",
        "Owner().use_lent()",
        "table = Table() if KEPT else TABLE\ntable.put(1)",
        "table = Table()\nthreading.Thread(target=table.put).start()\ntable.put(1)",
        "table = TABLE\ntable.put(1)",
    ],
)
def test_an_object_that_others_have(body: str) -> None:
    assert "work" in table(body)


def test_a_constructor_that_starts_a_thread_gives_the_object_away() -> None:
    made = program(
        app="""
        import threading

        class Session:
            def __init__(self):
                self.items = []
                threading.Thread(target=self._run).start()

            def _run(self):
                self.send()

            def send(self):
                self.items.append(1)

        def serve():
            session = Session()
            session.send()

        def main():
            threading.Thread(target=serve).start()
        """
    )
    assert threads(made, "Session.send") == ["Session._run", "serve"]


CALLBACK = """
    import threading

    class Source:
        def __init__(self, on_data):
            self.on_data = on_data

        def feed(self):
            self.on_data()

    class Sink:
        def __init__(self):
            self.items = []
            self.source = Source(TAKEN)

        def _store(self):
            self.items.append(1)

    def count():
        source = Source(None)
        source.feed()

    def serve(sink):
        sink.source.feed()

    SINK = Sink()

    def main():
        threading.Thread(target=count).start()
        threading.Thread(target=serve, args=(SINK,)).start()
"""


@pytest.mark.parametrize("taken", ["self._store", "lambda: self._store()"])
def test_a_callback_runs_where_its_object_is_used(taken: str) -> None:
    made = program(app=CALLBACK.replace("TAKEN", taken))
    assert threads(made, "Sink._store") == ["serve"]


def test_a_closure_has_the_object_of_the_frame_around() -> None:
    made = program(
        app="""
        import threading

        class Job:
            def __init__(self):
                self.items = []

            def run(self):
                def step():
                    self.items.append(1)
                step()

        JOB = Job()

        def own():
            Job().run()

        def shared():
            JOB.run()

        def main():
            threading.Thread(target=own).start()
            threading.Thread(target=shared).start()
        """
    )
    assert threads(made, "Job.run.step") == ["shared"]


SIBLINGS = """
    import threading

    class Base:
        def __init__(self):
            self.items = []

        def start(self):
            threading.Thread(target=self.loop).start()

        def step(self): ...

        def note(self):
            self.items.append(1)

    class Looped(Base):
        def loop(self):
            self.step()

        def step(self):
            self.note()

    class Called(Base):
        def loop(self): ...

        def step(self):
            self.items.clear()
"""


def test_a_thread_of_one_subclass_is_none_of_its_sibling() -> None:
    made = program(app=SIBLINGS)
    assert threads(made, "Called.step") == []
    (arrival,) = Objects(made).arrivals(use(made, "Base.note", "self.items"))
    assert arrival.cls is made.classes["app.Looped"]


def test_threads_of_a_class_run_on_objects_of_it() -> None:
    made = program(
        app="""
        import threading

        class Worker(threading.Thread):
            def __init__(self):
                super().__init__()
                self.items = []

            def run(self):
                self.step()

            def step(self): ...

        class Reader(Worker):
            def step(self):
                self.items.append(1)

        class Writer(Worker):
            def step(self):
                self.items.clear()

        def main():
            Reader().start()
        """
    )
    for name in ("Reader", "Writer"):
        (arrival,) = Objects(made).arrivals(use(made, f"{name}.step", "self.items"))
        assert arrival.entry.cls == f"app.{name}"


PARTS = """
    import threading

    class Cursor:
        def __init__(self):
            self.x = 0
        def move(self):
            self.x += 1

    class Terminal:
        def __init__(self):
            self.cursor = Cursor()
        def write(self):
            self.cursor.move()

    class Base:
        def __init__(self):
            self.terminal = Terminal()

    class Wrapped(Base):
        def start(self):
            threading.Thread(target=self.copy).start()
        def copy(self):
            self.terminal.write()

    class Piped(Base):
        def start(self):
            threading.Thread(target=self.relay).start()
        def relay(self):
            self.terminal.write()
"""


def test_whose_part_an_object_is() -> None:
    made = program(app=PARTS)
    arrivals = Objects(made).arrivals(use(made, "Cursor.move", "self.x"))
    owners = {
        a.entry.function.rpartition(".")[2]: [c.name if c else "" for c in a.owners]
        for a in arrivals
    }
    assert owners == {"copy": ["Terminal", "Wrapped"], "relay": ["Terminal", "Piped"]}


def test_the_owner_of_a_part_that_is_handed_in_is_not_known() -> None:
    handed = PARTS.replace("self.terminal = Terminal()", "self.terminal = TERMINAL").replace(
        "    class Base:", "    TERMINAL = Terminal()\n\n    class Base:"
    )
    made = program(app=handed)
    arrivals = Objects(made).arrivals(use(made, "Cursor.move", "self.x"))
    assert {tuple(c.name if c else "" for c in a.owners) for a in arrivals} == {("Terminal",)}
