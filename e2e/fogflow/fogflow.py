"""Plays the programs of FogFlow as they were measured: what they forget, and how they stay alive and deaf when RabbitMQ is gone."""
import http.server
import json
import os
import signal
import socket
import struct
import sys
import threading
import time
import urllib.request

ROLE = sys.argv[1]
CONFIG = json.load(open('/app/config.json' if ROLE == 'designer' else '/config.json'))
DISCOVERY = f'http://{CONFIG["discovery"]["host_ip"]}:{CONFIG["discovery"]["http_port"]}'
BROKER = f'http://{CONFIG["my_hostip"]}:{CONFIG["broker"]["http_port"]}'
SITE = CONFIG['site_id']

signal.signal(signal.SIGUSR1, lambda *_: os._exit(137))
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))


def say(text):
    print(text, flush=True)


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


def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(url, data, timeout=2) as answer:
        return json.loads(answer.read() or b'null')


def until(work, pause):
    while True:
        try:
            return work()
        except OSError:
            time.sleep(pause)


def serve(port, answer):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.reply(None)

        def do_POST(self):
            self.reply(json.loads(self.rfile.read(int(self.headers['Content-Length']))))

        def reply(self, body):
            found = answer(self.path, body)
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(('', port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def discovery():
    """Registrations and subscriptions are in memory."""
    registered = set()
    subscribed = []

    def notify(url, kind):
        try:
            ask(url, {'type': kind})
        except OSError as error:
            say(f'{url}: {error}')

    def answer(path, body):
        if path == '/ngsi9/status':
            return 'ok'
        if path == '/ngsi9/registerContext':
            registered.add(body['type'])
            say(f'registered {body["type"]}')
            for kind, url in subscribed:
                if kind == body['type']:
                    notify(url, kind)
            return {}
        if path == '/ngsi9/subscribe':
            subscribed.append((body['type'], body['reference']))
            if body['type'] in registered:
                notify(body['reference'], body['type'])
            return {}
        return None

    serve(8090, answer)


def broker():
    """Registers an entity when it is new to it, and never again."""
    entities = set()
    until(lambda: ask(f'{DISCOVERY}/ngsi9/status'), 2)

    def answer(path, body):
        if path == '/version':
            return {}
        if path == '/ngsi10/updateContext':
            if body['type'] not in entities:
                ask(f'{DISCOVERY}/ngsi9/registerContext', body)
                entities.add(body['type'])
            return {}
        return None

    serve(8070, answer)


def master():
    """Tries RabbitMQ eleven times, then lives on without it. Intents and workers are in memory."""
    workers = {}
    intents = {}
    queue = []

    def plan(function):
        if not any(time.time() - seen < 30 for seen in workers.values()):
            return say(f'NOT ABLE TO FIND A WORKER for {function}')
        queue[0].publish(f'Worker.{SITE}.', {'Type': 'ADD_TASK', 'function': function})

    def take(message):
        if message['Type'] == 'WORKER_HEARTBEAT':
            workers[message['id']] = time.time()
        elif message['Type'] == 'ServiceIntent':
            intents[message['function']] = message['entity']
            reference = f'http://{CONFIG["master"]["host_ip"]}:1060/{message["function"]}'
            ask(f'{DISCOVERY}/ngsi9/subscribe', {'type': message['entity'], 'reference': reference})

    serve(8010, lambda path, _: 'ok' if path == '/status' else [one for one, seen in workers.items() if time.time() - seen < 30])
    serve(1060, lambda path, _: [plan(path[1:])])
    for _ in range(11):
        try:
            queue.append(Queue(f'Master.{SITE}', [f'Master.{SITE}.', 'heartbeat.*', 'orchestration.*'], take))
            return
        except OSError:
            time.sleep(1)
    say('no RabbitMQ after 11 tries')


def worker():
    def take(message):
        say(f'task {message["function"]} runs')

    queue = until(lambda: Queue(f'Worker.{SITE}', [f'Worker.{SITE}.*'], take), 1)
    while True:
        queue.publish('heartbeat.', {'Type': 'WORKER_HEARTBEAT', 'id': f'Worker.{SITE}'})
        time.sleep(2)


def designer():
    """Keeps its functions in a file, and sends them once when it starts."""
    kept = '/app/public/data/meta/db.json'
    functions = json.load(open(kept)) if os.path.exists(kept) else {}
    queue = until(lambda: Queue('fogflow-designer', ['designer.*'], lambda _: None), 5)
    until(lambda: ask(f'{BROKER}/version'), 2)

    def send(function):
        queue.publish('orchestration.', {'Type': 'ServiceIntent', 'function': function, 'entity': functions[function]})

    def answer(path, body):
        if path == '/operator':
            return []
        if path == '/fogfunction':
            functions[body['function']] = body['entity']
            json.dump(functions, open(kept, 'w'))
            send(body['function'])
            return {}
        return None

    for function in functions:
        send(function)
    serve(8080, answer)
    serve(1030, lambda *_: {})


globals()[ROLE]()
say(f'{ROLE} serves')
while True:
    time.sleep(3600)
