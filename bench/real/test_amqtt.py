"""amqtt 0.12.1, over a connection in memory."""

import asyncio
from asyncio import StreamReader

from amqtt.adapters import StreamReaderAdapter, WriterAdapter
from amqtt.mqtt.constants import QOS_1, QOS_2
from amqtt.mqtt.packet import MQTTFixedHeader
from amqtt.mqtt.protocol.handler import ProtocolHandler
from amqtt.mqtt.puback import PubackPacket
from amqtt.mqtt.pubcomp import PubcompPacket
from amqtt.mqtt.publish import PublishPacket
from amqtt.mqtt.pubrec import PubrecPacket
from amqtt.mqtt.pubrel import PubrelPacket
from amqtt.plugins.manager import PluginManager
from amqtt.session import Session


class Wire(WriterAdapter):
    """What is written here is read at the other end. A full wire: `drain` lets others run."""

    def __init__(self, far: StreamReader) -> None:
        self.far = far

    def write(self, data: bytes) -> None:
        self.far.feed_data(data)

    async def drain(self) -> None:
        await asyncio.sleep(0)

    def get_peer_info(self) -> tuple[str, int]:
        return "memory", 0

    def get_ssl_info(self) -> None:
        return None

    async def close(self) -> None:
        self.far.feed_eof()


async def receive(reader: StreamReaderAdapter, kind: type) -> object:
    header = await MQTTFixedHeader.from_stream(reader)
    return await kind.from_stream(reader, fixed_header=header)


async def acknowledge(reader: StreamReaderAdapter, writer: Wire) -> None:
    """What a broker answers to a message of quality 1."""
    message = await receive(reader, PublishPacket)
    await PubackPacket.build(message.packet_id).to_stream(writer)


async def acknowledge_twice(reader: StreamReaderAdapter, writer: Wire) -> None:
    """What a broker answers to a message of quality 2."""
    message = await receive(reader, PublishPacket)
    await PubrecPacket.build(message.packet_id).to_stream(writer)
    await receive(reader, PubrelPacket)
    await PubcompPacket.build(message.packet_id).to_stream(writer)


async def publish(quality: int, broker: object) -> None:
    """Publish one message to `broker`."""
    here, there = StreamReader(), StreamReader()
    session = Session()
    session.client_id, session.keep_alive = "client", 0
    handler = ProtocolHandler(PluginManager("bench.plugins", context=None))
    handler.attach(session, StreamReaderAdapter(here), Wire(there))
    await handler.start()
    answer = asyncio.create_task(broker(StreamReaderAdapter(there), Wire(here)))
    await handler.mqtt_publish("topic", b"data", quality, retain=False)
    await answer
    await handler.stop()


def test_message_is_acknowledged() -> None:
    """Up to 0.12.1, the newest.

    A message is sent (handler.py:314) before a waiter for its acknowledgement is registered
    (handler.py:318): a PUBACK that comes in between (handler.py:683) is thrown away as unknown.
    Symptom: TimeoutError, five seconds later.
    """
    asyncio.run(publish(QOS_1, acknowledge))


def test_message_is_acknowledged_twice() -> None:
    """Up to 0.12.1, the newest.

    The same with PUBREC (handler.py:377, 386) and with PUBCOMP (handler.py:400, 403). Symptom:
    TimeoutError, five seconds later.
    """
    asyncio.run(publish(QOS_2, acknowledge_twice))
