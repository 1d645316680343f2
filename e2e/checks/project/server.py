"""Takes orders, and finds one when it was looked for twice. BROKEN refuses orders; /break does so from then on, /die ends the program."""
import http.server
import json
import os

orders = {}
broken = os.environ.get('BROKEN', '') != ''


class Shop(http.server.BaseHTTPRequestHandler):
    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        global broken
        order = self.rfile.read(int(self.headers.get('Content-Length') or 0)).decode()
        if self.path == '/die':
            os._exit(9)
        if self.path == '/break':
            broken = True
            return self.answer(200, {})
        # in two parts, so that a search for the token finds only what leaks it
        if self.headers.get('Authorization') != 'Bearer open-' + 'sesame':
            return self.answer(401, {'error': 'unknown token', 'got': self.headers.get('Authorization')})
        if broken:
            return self.answer(500, {'error': 'no database'})
        orders[str(len(orders) + 1)] = {'order': json.loads(order), 'looks': 0}
        self.answer(201, {'id': len(orders)})

    def do_GET(self):
        if self.path == '/':
            return self.answer(200, {'version': os.environ['VERSION']})
        found = orders.get(self.path.removeprefix('/orders/'))
        if found is None or found['looks'] < 2:
            if found is not None:
                found['looks'] += 1
            return self.answer(404, {'error': 'no such order'})
        self.answer(200, found['order'])

    def log_message(self, *words):
        pass


http.server.ThreadingHTTPServer(('', 8000), Shop).serve_forever()
