"""What there is to buy: reads products from the database and keeps the answers in the cache for a moment."""
import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import psycopg
import redis
from psycopg.rows import dict_row

CACHE_SECONDS = 10

cache = redis.Redis.from_url(os.environ["CACHE_URL"], socket_timeout=2, socket_connect_timeout=2)


def query(sql, *values):
    with psycopg.connect(
        host=os.environ["POSTGRES_HOST"],
        user=os.environ["POSTGRES_USER"],
        password=os.environ["POSTGRES_PASSWORD"],
        dbname=os.environ["POSTGRES_DB"],
        connect_timeout=3,
        row_factory=dict_row,
    ) as connection:
        return connection.execute(sql, values).fetchall()


def cached(key, make):
    """The cache makes it faster; a cache that is away makes it slower, not wrong."""
    try:
        found = cache.get(key)
        if found is not None:
            return json.loads(found)
    except redis.RedisError as error:
        print(f"catalog: cache: {error}")
    value = make()
    try:
        cache.set(key, json.dumps(value), ex=CACHE_SECONDS)
    except redis.RedisError as error:
        print(f"catalog: cache: {error}")
    return value


def products():
    return cached("products", lambda: query("select id, name, price from products order by name"))


def product(product_id):
    found = cached(
        f"product:{product_id}",
        lambda: query("select id, name, price from products where id = %s", product_id),
    )
    return found[0] if found else None


class Catalog(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            body = self.answer()
        except psycopg.Error as error:
            print(f"catalog: {self.path}: {error}")
            return self.send(503, {"error": "try again in a moment"})
        if body is None:
            return self.send(404, {"error": "not found"})
        self.send(200, body)

    def answer(self):
        if self.path == "/api/products":
            return products()
        if self.path.startswith("/api/products/"):
            return product(unquote(self.path.removeprefix("/api/products/")))
        if self.path == "/healthz":
            return query("select count(*) as products from products")[0]
        return None

    def send(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("", 8000), Catalog)
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
print("catalog: listening on 8000")
server.serve_forever()
