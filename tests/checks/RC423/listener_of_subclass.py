"""The thread and the listener with the loop belong to one subclass."""

import asyncio
import threading


class ListenerBase:
    def stop(self):
        self.stop_listening()


class LoopListener(ListenerBase):
    def __init__(self):
        self._grace = None

    async def begin(self):
        self._grace = asyncio.ensure_future(asyncio.sleep(60))

    def stop_listening(self):
        if self._grace is not None:
            self._grace.cancel()  # RC423


class SubscriptionBase:
    def _give_up(self):
        self.listener.stop()


class LoopSubscription(SubscriptionBase):
    def __init__(self):
        self.listener = LoopListener()

    def start(self):
        threading.Thread(target=self._renew).start()

    def _renew(self):
        self._give_up()
