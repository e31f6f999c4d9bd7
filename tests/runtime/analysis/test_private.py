"""Objects that nobody else can know yet are left out."""

from __future__ import annotations

from textwrap import indent

import pytest

from tests.testing.told import told


def appended(body: str) -> list[str]:
    source = f"import threading\nclass P:\n    pass\ndef f(p):\n{indent(body, '    ')}\n"
    return [line for line in told(source) if "append" in line or "x.n" in line]


@pytest.mark.parametrize(
    "body",
    [
        "x = []\nx.append(1)",
        "x = list(p)\nx.append(1)\nprint(len(x), sorted(x))",
        "x = []\nfor i in p:\n    x.append(i)\nreturn x",
        "x = []\nx.append(1)\np.all = x",
        "for i in p:\n    x = []\n    x.append(i)\n    p.send(x)",
        "x = p.copy()\nx.append(1)\np.all = x",
        "x = P()\nx.n = 1\np.send(x)",
        "x = {}\nfor k in p:\n    y = x[k]\n    x[k] = 1\n",
    ],
)
def test_what_was_made_here_is_private_until_it_is_handed_on(body: str) -> None:
    assert appended(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "x = p\nx.append(1)",
        "x = []\np.all = x\nx.append(1)",
        "x = []\np.send(x)\nx.append(1)",
        "x = []\np.send(key=[x])\nx.append(1)",
        "x = []\ndef g():\n    x.append(1)\nx.append(1)",
        "x = []\nfor i in p:\n    x.append(i)\n    p.send(x)",
        "x = y = []\nx.append(1)",
        "x = []\nif p:\n    x = p.all\nx.append(1)",
        "x = P()\nx.start()\nx.n = 1",
        "x = Unknown()\nx.n = 1",
        "x = []\nyield x\nx.append(1)",
        "x = []\np.each(lambda: x)\nx.append(1)",
    ],
)
def test_what_others_may_know_is_told(body: str) -> None:
    assert len(appended(body)) == 1 or "def g" in body


def test_a_constructor_has_its_object_to_itself_until_it_is_published() -> None:
    source = """
    import threading
    class A:
        def __init__(self, other):
            self.n = 0
            self.n += 1
            self.items = []
            self.items.append(1)
            other.n = 1
            self.thread = threading.Thread(target=self.run)
            self.n = 1
    """
    assert told(source, "A.__init__") == [
        "9 write other.n",
        "11 write self.n",
    ]
