"""Two threads find the future without a result, and both give it one."""
# expect: fails exception InvalidStateError
# switches: 1

import threading
from concurrent.futures import Future


class Question:
    def __init__(self):
        self.answer = Future()

    def reply(self, text):
        if not self.answer.done():
            self.answer.set_result(text)


def test():
    question = Question()
    threads = [threading.Thread(target=question.reply, args=(text,)) for text in ("yes", "no")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
