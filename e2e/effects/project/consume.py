"""Consumes the queue `tasks` of RabbitMQ: as much of AMQP 0-9-1 as that takes."""
import os
import socket
import struct
import time


def short(text):
    return bytes([len(text)]) + text.encode()


def method(channel, kind, number, arguments):
    payload = struct.pack('>HH', kind, number) + arguments
    mq.sendall(struct.pack('>BHI', 1, channel, len(payload)) + payload + b'\xce')


def answer():
    kind, _, size = struct.unpack('>BHI', mq.recv(7, socket.MSG_WAITALL))
    mq.recv(size + 1, socket.MSG_WAITALL)
    return kind


mq = socket.create_connection(('mq', 5672))
mq.sendall(b'AMQP\x00\x00\x09\x01')
answer()
login = f'\0{os.environ["MQ_USER"]}\0{os.environ["MQ_PASSWORD"]}'.encode()
method(0, 10, 11, struct.pack('>I', 0) + short('PLAIN') + struct.pack('>I', len(login)) + login + short('en_US'))
answer()
method(0, 10, 31, struct.pack('>HIH', 10, 131072, 0))
method(0, 10, 40, short('/') + b'\0\0')
answer()
method(1, 20, 10, b'\0')
answer()
method(1, 50, 10, b'\0\0' + short('tasks') + b'\0' + struct.pack('>I', 0))
answer()
method(1, 60, 20, b'\0\0' + short('tasks') + short('') + b'\0' + struct.pack('>I', 0))
answer()
print('consuming', flush=True)
while True:
    time.sleep(3600)
