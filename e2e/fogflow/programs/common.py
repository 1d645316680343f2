import http.server
import json
import sys
import threading
import time
import urllib.error
import urllib.request

ROLE = sys.argv[1]
CONFIG = json.load(open('/app/config.json' if ROLE == 'designer' else '/config.json'))
DISCOVERY = f'http://{CONFIG["discovery"]["host_ip"]}:{CONFIG["discovery"]["http_port"]}'
BROKER = f'http://{CONFIG["my_hostip"]}:{CONFIG["broker"]["http_port"]}'
SITE = CONFIG['site_id']


def say(text):
    print(text, flush=True)


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


def later(work, *args):
    """Does work that nothing waits for, and whose failure is only logged."""

    def attempt():
        try:
            work(*args)
        except OSError as error:
            say(f'{args}: {error}')

    threading.Thread(target=attempt, daemon=True).start()


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
