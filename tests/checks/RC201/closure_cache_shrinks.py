"""Caches in closures of pool workers: one keeps connections, of the other keys are taken out."""

from concurrent.futures import ThreadPoolExecutor


class Downloader:
    def __init__(self, net):
        self._net = net

    def decrypter(self):
        keys = {}

        def get_key(url):
            if url not in keys:  # RC201
                keys[url] = self._net.urlopen(url)
            return keys[url]

        return get_key

    def download(self, urls):
        get_key = self.decrypter()

        def job(url):
            return get_key(url)

        with ThreadPoolExecutor(4) as pool:
            return [pool.submit(job, url) for url in urls]

    def forgetter(self):
        keys = {}

        def get_key(url):
            if url not in keys:  # RC201
                keys[url] = self._net.urlopen(url).read()
            key = keys[url]
            if self._net.last(url):
                keys.pop(url)
            return key

        return get_key

    def download_once(self, urls):
        get_key = self.forgetter()

        def once(url):
            return get_key(url)

        with ThreadPoolExecutor(4) as pool:
            return [pool.submit(once, url) for url in urls]
