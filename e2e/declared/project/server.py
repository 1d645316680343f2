"""Shows its configuration, what the Kubernetes API tells it, and which store it is connected to since it started."""
import http.server
import os
import socket
import ssl
import sys
import urllib.error
import urllib.request

STORE = os.environ.get('STORE')
API = 'https://kubernetes.default.svc/api/v1/namespaces'
ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'


def ask(store, *words):
    parts = ''.join(f'${len(word.encode())}\r\n{word}\r\n' for word in words)
    store.sendall(f'*{len(words)}\r\n{parts}'.encode())
    return store.recv(4096)


def connect():
    host, port = STORE.rsplit(':', 1)
    return socket.create_connection((host, int(port)))


if sys.argv[1:] == ['seed']:
    ask(connect(), 'SET', 'schema', 'made')
    sys.exit(0)

store = connect() if STORE else None


def from_api(path):
    try:
        token = open(f'{ACCOUNT}/token').read()
        namespace = open(f'{ACCOUNT}/namespace').read()
        request = urllib.request.Request(
            f'{API}/{namespace}/{path}', headers={'Authorization': f'Bearer {token}'}
        )
        trust = ssl.create_default_context(cafile=f'{ACCOUNT}/ca.crt')
        return str(urllib.request.urlopen(request, context=trust).status)
    except FileNotFoundError:
        return 'no token'
    except urllib.error.HTTPError as error:
        return str(error.code)


class Shown(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == '/config':
            text = open('/app/config.json').read()
        elif self.path == '/write':
            text = ask(store, 'SET', 'row', 'written').decode()
        else:
            text = from_api(self.path[1:])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *words):
        pass


http.server.ThreadingHTTPServer(('', 8000), Shown).serve_forever()
