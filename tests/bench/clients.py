"""Clients that ask as fast as they are answered: each sends its next request when it has the answer to the last."""

import selectors
import socket
import statistics
import time
from urllib.parse import urlencode

JSON = "application/sparql-results+json"


def request(server, query, accept=JSON):
    """A query by POST, as most clients send it, on a connection that is kept."""
    body = urlencode({"query": query}).encode()
    head = (
        f"POST {server.path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAccept: {accept}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Answer:
    """An answer as it comes in: whether it is whole is told by its length or its last chunk."""

    def __init__(self):
        self.data = bytearray()
        self.body = self.length = None
        self.status = 0

    def take(self, piece):
        """Whether it is whole now."""
        self.data += piece
        if self.body is None:
            end = self.data.find(b"\r\n\r\n")
            if end < 0:
                return False
            self.body = end + 4
            head = bytes(self.data[:end]).lower()
            self.status = int(head[9:12])
            at = head.find(b"\r\ncontent-length:")
            if at >= 0:
                self.length = int(head[at + 17 :].split(b"\r\n", 1)[0])
        if self.length is not None:
            return len(self.data) - self.body >= self.length
        return self.data.endswith(b"\r\n0\r\n\r\n")

    def text(self):
        """The body, its chunks put together."""
        rest = bytes(self.data[self.body :])
        if self.length is not None:
            return rest
        whole = bytearray()
        while rest:
            size, _, rest = rest.partition(b"\r\n")
            size = int(size.split(b";")[0], 16)
            if size == 0:
                break
            whole += rest[:size]
            rest = rest[size + 2 :]
        return bytes(whole)


def connect(server):
    client = socket.create_connection(("127.0.0.1", server.port), 60)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def ask(server, query, accept=JSON, patience=300):
    """One answer on a connection of its own: status, body, seconds. The status is 0 if it was cut short."""
    begun = time.perf_counter()
    answer = Answer()
    with connect(server) as client:
        client.settimeout(patience)
        client.sendall(request(server, query, accept))
        try:
            while piece := client.recv(1 << 18):
                if answer.take(piece):
                    return answer.status, answer.text(), time.perf_counter() - begun
        except (TimeoutError, OSError):
            pass
    return 0, b"", time.perf_counter() - begun


class Times:
    """What was measured of one question at one server, over all rounds."""

    def __init__(self):
        self.latencies, self.seconds, self.cpu, self.failures = [], 0.0, 0.0, 0

    def rate(self):
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share):
        """In milliseconds."""
        if len(self.latencies) < 2:
            return 1000 * sum(self.latencies)
        return 1000 * statistics.quantiles(self.latencies, n=100, method="inclusive")[share - 1]

    def cpu_each(self):
        """Processor time of the server for an answer, in milliseconds."""
        return 1000 * self.cpu / max(len(self.latencies), 1)


def measure(server, queries, clients, seconds, times):
    """Has `clients` clients ask the queries in turn for so long, and adds what came of it to `times`."""
    requests = [request(server, query) for query in queries]
    selector = selectors.DefaultSelector()
    began, cpu, number = time.perf_counter(), server.cpu(), 0
    end, running = began + seconds, 0

    def send(client):
        nonlocal number
        client.sendall(requests[number % len(requests)])
        number += 1
        return [Answer(), time.perf_counter()]

    sockets = [connect(server) for _ in range(clients)]
    for client in sockets:
        selector.register(client, selectors.EVENT_READ, send(client))
        running += 1
    while running:
        for key, _ in selector.select(60):
            client, (answer, sent) = key.fileobj, key.data
            try:
                piece = client.recv(1 << 18)
            except ConnectionError:
                # A server that hangs up has failed this client, and is measured with the others.
                piece = b""
            if piece and not answer.take(piece):
                continue
            now = time.perf_counter()
            if piece and answer.status == 200:
                times.latencies.append(now - sent)
            else:
                times.failures += 1
            if piece and now < end:
                key.data[:] = send(client)
            else:
                selector.unregister(client)
                running -= 1
    times.seconds += time.perf_counter() - began
    times.cpu += server.cpu() - cpu
    for client in sockets:
        client.close()
