"""A task of FogFlow: for each notification, its output is updated at the broker."""
import http.server
import json
import os
import signal
import urllib.request

commands = json.loads(os.environ['adminCfg'])
values = {one['command']: one for one in commands}
broker = values['CONNECT_BROKER']['brokerURL']
output = values['SET_OUTPUTS']
count = 0

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global count
        body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        self.send_response(200)
        self.end_headers()
        entity = body['contextResponses'][0]['contextElement']['entityId']['id']
        count += 1
        element = {
            'entityId': {'id': output['id'], 'type': output['type']},
            'attributes': [{'name': 'of', 'value': entity}, {'name': 'count', 'value': count}],
        }
        update = {'contextElements': [element], 'updateAction': 'UPDATE'}
        urllib.request.urlopen(f'{broker}/updateContext', json.dumps(update).encode(), timeout=5)
        print(f'{entity}: {output["id"]}', flush=True)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(('', int(os.environ['myport'])), Handler).serve_forever()
