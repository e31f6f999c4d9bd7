"""An exception in a job is handled where its result is asked for."""
# expect: passes
# switches: 0

from concurrent.futures import ThreadPoolExecutor


def fail(text):
    raise ValueError(text)


def test():
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(fail, text) for text in ("first", "second")]
        said = [str(future.exception()) for future in futures]
    assert said == ["first", "second"]
