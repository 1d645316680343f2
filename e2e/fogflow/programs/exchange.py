"""The exchange of FogFlow, by AMQP 0-9-1."""
import json
import socket
import struct
import threading

from common import CONFIG, say


def short(text):
    return bytes([len(text)]) + text.encode()


class Queue:
    """A queue of the exchange `fogflow` and its consumer, by AMQP 0-9-1. A connection that is lost is never made again."""

    def __init__(self, name, keys, take):
        config = CONFIG['rabbitmq']
        self.take = take
        self.socket = socket.create_connection((config['host_ip'], config['port']))
        self.socket.sendall(b'AMQP\x00\x00\x09\x01')
        self.frame()
        login = f'\0{config["username"]}\0{config["password"]}'.encode()
        self.method(0, 10, 11, struct.pack('>I', 0) + short('PLAIN') + struct.pack('>I', len(login)) + login + short('en_US'))
        self.frame()
        self.method(0, 10, 31, struct.pack('>HIH', 10, 131072, 0))
        table = struct.pack('>I', 0)
        for channel, kind, number, arguments in [
            (0, 10, 40, short('/') + b'\0\0'),
            (1, 20, 10, b'\0'),
            (1, 40, 10, b'\0\0' + short('fogflow') + short('topic') + b'\x06' + table),
            (1, 50, 10, b'\0\0' + short(name) + b'\x0a' + table),
            *[(1, 50, 20, b'\0\0' + short(name) + short('fogflow') + short(key) + b'\0' + table) for key in keys],
            (1, 60, 20, b'\0\0' + short(name) + short('') + b'\x02' + table),
        ]:
            self.method(channel, kind, number, arguments)
            self.frame()
        say(f'consuming {name}')
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while True:
                kind, payload = self.frame()
                if kind == 3:
                    self.take(json.loads(payload))
        except (OSError, struct.error) as error:
            say(f'the connection to RabbitMQ is gone ({error}); nobody notices')

    def frame(self):
        kind, _, size = struct.unpack('>BHI', self.exactly(7))
        payload = self.exactly(size)
        self.exactly(1)
        return kind, payload

    def exactly(self, size):
        found = self.socket.recv(size, socket.MSG_WAITALL) if size > 0 else b''
        if len(found) < size:
            raise OSError('closed')
        return found

    def send(self, kind, channel, payload):
        self.socket.sendall(struct.pack('>BHI', kind, channel, len(payload)) + payload + b'\xce')

    def method(self, channel, kind, number, arguments):
        self.send(1, channel, struct.pack('>HH', kind, number) + arguments)

    def publish(self, key, message):
        body = json.dumps(message).encode()
        try:
            self.method(1, 60, 40, b'\0\0' + short('fogflow') + short(key) + b'\0')
            self.send(2, 1, struct.pack('>HHQH', 60, 0, len(body), 0))
            self.send(3, 1, body)
        except OSError:
            pass

    def tell(self, kind, key, payload, sender):
        self.publish(key, {'Type': kind, 'RoutingKey': key, 'From': sender, 'PayLoad': payload})
