"""Master, designer, and the worker of the release: which function runs where."""
import json
import os
import time
import zlib

from common import BROKER, CONFIG, DISCOVERY, SITE, ask, say, serve, until
from exchange import Queue

TASK_IMAGE = 'fogflow/counter:latest'


def distance(one, other):
    if one is None:
        return 0
    return (one['latitude'] - other['latitude']) ** 2 + (one['longitude'] - other['longitude']) ** 2


def master():
    """Tries RabbitMQ eleven times, then lives on without it. Intents, tasks and workers are in memory."""
    me = f'Master.{SITE}'
    workers = {}
    intents = {}
    tasks = {}
    statuses = {}
    queue = []

    def present():
        return [one for one, (seen, _) in workers.items() if time.time() - seen < 30]

    def send(kind, worker, payload):
        queue[0].tell(kind, f'{worker}.', payload, me)

    def plan(function, entity):
        number = zlib.crc32(entity['id'].encode())
        name = f'Task.{function}.Main.{number}'
        before = tasks.get(name)
        if entity.get('gone') or function not in intents:
            if before is not None:
                send('REMOVE_TASK', before['WorkerID'], {'ID': name, 'WorkerID': before['WorkerID']})
                del tasks[name]
            return
        if not present():
            return say(f'NOT ABLE TO FIND A WORKER for {function}')
        nearest = min(present(), key=lambda one: distance(entity.get('location'), workers[one][1]))
        if before is not None and before['WorkerID'] == nearest:
            return
        if before is not None:
            send('REMOVE_TASK', before['WorkerID'], {'ID': name, 'WorkerID': before['WorkerID']})
        tasks[name] = {
            'ID': name, 'TopologyName': function, 'TaskName': 'Main', 'ServiceIntentID': f'ServiceIntent.{function}',
            'OperatorName': 'counter', 'TaskType': '', 'FunctionCode': '', 'DockerImage': TASK_IMAGE, 'Parameters': [],
            'WorkerID': nearest, 'IsExclusive': False, 'PriorityLevel': 0, 'Status': 'scheduled',
            'Inputs': [{'Type': entity['type'], 'ID': entity['id'], 'AttributeList': ['all']}],
            'Outputs': [{'Type': 'Out', 'StreamID': f'Out.{function}.{number}', 'Annotations': None}],
        }
        send('ADD_TASK', nearest, tasks[name])

    def take(message):
        kind, payload = message['Type'], message['PayLoad']
        if kind in ('WORKER_JOIN', 'WORKER_HEARTBEAT'):
            workers[payload['id']] = (time.time(), payload['location'])
        elif kind == 'WORKER_LEAVE':
            workers.pop(payload['id'], None)
            say(f'{payload["id"]} leaves')
        elif kind == 'TASK_UPDATE':
            statuses.setdefault(payload['TaskID'], []).append(payload['Status'])
        elif kind == 'ServiceIntent' and payload['action'] == 'DELETE':
            intents.pop(payload['function'], None)
            for name in [one for one, task in tasks.items() if task['TopologyName'] == payload['function']]:
                task = tasks.pop(name)
                send('REMOVE_TASK', task['WorkerID'], task)
        elif kind == 'ServiceIntent':
            intents[payload['function']] = payload['entity']
            reference = f'http://{CONFIG["master"]["host_ip"]}:1060/{payload["function"]}'
            ask(f'{DISCOVERY}/ngsi9/subscribe', {'type': payload['entity'], 'reference': reference})

    def answer(path, _):
        if path == '/workers':
            return present()
        if path == '/statuses':
            return statuses
        return 'ok' if path == '/status' else None

    serve(8010, answer)
    serve(1060, lambda path, body: [plan(path[1:], body)])
    for _ in range(11):
        try:
            queue.append(Queue(me, [f'{me}.', 'heartbeat.*', 'task.', 'orchestration.*'], take))
            return
        except OSError:
            time.sleep(1)
    say('no RabbitMQ after 11 tries')


def worker():
    """The worker of the release, as far as it becomes deaf."""
    me = f'Worker.{SITE}'

    def take(message):
        if message['Type'] == 'ADD_TASK':
            say(f'task {message["PayLoad"]["TopologyName"]} runs')

    queue = until(lambda: Queue(me, [f'{me}.*'], take), 1)
    while True:
        queue.tell('WORKER_HEARTBEAT', 'heartbeat.', {'id': me, 'location': CONFIG['physical_location']}, me)
        time.sleep(2)


def designer():
    """Keeps its functions in a file, and sends them once when it starts."""
    kept = '/app/public/data/meta/db.json'
    functions = json.load(open(kept)) if os.path.exists(kept) else {}
    queue = until(lambda: Queue('fogflow-designer', ['designer.*', 'task.'], lambda _: None), 5)
    until(lambda: ask(f'{BROKER}/version'), 2)

    def send(function, entity, action='ADD'):
        intent = {'function': function, 'entity': entity, 'action': action}
        queue.tell('ServiceIntent', 'orchestration.', intent, 'designer')

    def answer(path, body):
        if path == '/operator':
            return []
        if path == '/fogfunction':
            functions[body['function']] = body['entity']
            json.dump(functions, open(kept, 'w'))
            send(body['function'], body['entity'])
            return {}
        if path == '/fogfunction/delete':
            entity = functions.pop(body['function'])
            json.dump(functions, open(kept, 'w'))
            send(body['function'], entity, 'DELETE')
            return {}
        return None

    for function, entity in functions.items():
        send(function, entity)
    serve(8080, answer)
    serve(1030, lambda *_: {})
