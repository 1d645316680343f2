# A member of a cluster: it has joined when it hears all members on their port among themselves.
import http.server, os, socket, threading, time

PORT = 5000 + 701


def listen():
    listener = socket.create_server(("", PORT))
    while True:
        connection, _ = listener.accept()
        connection.send(b"here")
        connection.close()


def serve():
    http.server.HTTPServer(("", 8080), http.server.SimpleHTTPRequestHandler).serve_forever()


threading.Thread(target=listen, daemon=True).start()
threading.Thread(target=serve, daemon=True).start()
for member in os.environ["CLUSTER_MEMBERS"].split(","):
    while True:
        try:
            print(member, socket.create_connection((member, PORT), 2).recv(9).decode(), flush=True)
            break
        except OSError:
            time.sleep(0.2)
print("joined", flush=True)
time.sleep(86400)
