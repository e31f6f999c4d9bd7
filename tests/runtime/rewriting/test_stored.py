"""Sites survive being cached."""

from __future__ import annotations

from racecheck.runtime.rewriting.stored import pack, register, unpack
from racecheck.runtime.sites import Site, sites
from tests.testing.told import table

SOURCE = """
total = 0
def f(self, d, k):
    global total
    total += 1
    d[k] = d.get("a", (1, None)) or g(self.n)
    if self.x is None or k in d:
        self.x = True
    for v in self.rows:
        del d[k, 2]
    d["a", 1][self.n][k] = self.rows[0].n = 1
"""


def row(site: Site) -> tuple[object, ...]:
    return tuple(
        getattr(site, name)
        for name in ("number", "path", "function", "line", "roots", "accesses", "after", "maybe")
    )


def test_what_is_unpacked_is_what_was_packed() -> None:
    found = table(SOURCE)
    again = list(unpack(pack(found.base, found.sites), "module.py"))
    assert [row(site) for site in again] == [row(site) for site in found.sites]
    assert len(again) > 4


def test_registered_sites_are_made_when_one_is_asked_for() -> None:
    found = table(SOURCE + "\n")
    blob = pack(found.base, found.sites)
    for site in found.sites:
        del sites[site.number]
    register(blob, "elsewhere.py")
    assert found.base not in sites
    assert sites[found.base + 1].path == "elsewhere.py"
    assert found.base in sites
