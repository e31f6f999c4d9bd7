"""Attribute-heavy: threads move particles, each under the lock of its world once a step."""

from __future__ import annotations

import sys
import threading

from meter import measured

THREADS = 4
STEPS = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
PARTICLES = 50


class Particle:
    def __init__(self, x: float, v: float) -> None:
        self.x = x
        self.y = 0.0
        self.v = v
        self.w = -v

    def step(self, dt: float) -> None:
        self.x += self.v * dt
        self.y += self.w * dt
        if self.x > 1.0:
            self.v = -self.v
        if self.y > 1.0:
            self.w = -self.w


class World:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.particles = [Particle(n / PARTICLES, 0.25) for n in range(PARTICLES)]
        self.total = 0.0

    def run(self) -> None:
        for _ in range(STEPS):
            with self.lock:
                for particle in self.particles:
                    particle.step(0.01)
                    self.total += particle.x


def main() -> None:
    worlds = [World() for _ in range(2)]
    threads = [threading.Thread(target=worlds[n % 2].run) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    measured(main)
