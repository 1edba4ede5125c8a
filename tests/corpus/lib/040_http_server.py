# A server and a client in one process.
import http.client
import http.server
import socket
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"you asked for {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201, "Made")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[::-1])

    def log_message(self, *args):
        pass


with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for method, path, body in (("GET", "/a", None), ("POST", "/b", b"abc"), ("PUT", "/c", b"")):
        client = http.client.HTTPConnection(*server.server_address, timeout=20)
        client.request(method, path, body)
        answer = client.getresponse()
        text = answer.read()
        print(answer.status, answer.reason, answer.getheader("Content-Length") if answer.status < 300 else "", text[:20])
        client.close()
    server.shutdown()
    thread.join()
print(socket.gethostbyaddr("127.0.0.1")[0], socket.getfqdn("127.0.0.1"))
try:
    socket.gethostbyaddr("192.0.2.77")
except socket.herror as e:
    print(repr(e))
