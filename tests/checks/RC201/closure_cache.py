"""A cache in a closure that only grows: two jobs fetch the same key twice at worst."""

from concurrent.futures import ThreadPoolExecutor


class Downloader:
    def decrypter(self, info):
        _keys = {}

        def get_key(url):
            if url not in _keys:
                _keys[url] = self.ydl.urlopen(url).read()
            return _keys[url]

        def decrypt(fragment):
            return fragment.data, get_key(fragment.url)

        return decrypt

    def download(self, fragments, info):
        decrypt = self.decrypter(info)

        def job(fragment):
            return decrypt(fragment)

        with ThreadPoolExecutor(4) as pool:
            return [pool.submit(job, f) for f in fragments]
