"""Streams of samples (io/zmq) beside ZeroMQ itself, by python3-zmq: zmq_test.py SAMPLES_ECHO. Both roles, each with what libzmq does on its own."""
import os
import socket
import struct
import subprocess
import sys
import time

import zmq

WAIT_MS = 5000


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def block(first, count):
    return struct.pack("=%df" % (2 * count), *(sign * ((first + i) % 65536) for i in range(count) for sign in (1, -1)))


class Echo:
    """The program, with a ZeroMQ socket at each side. What is sent comes back."""

    def __init__(self, program):
        self.transmit, self.receive = free_port(), free_port()
        self.context = zmq.Context()
        env = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")  # a confined process cannot look for them
        self.process = subprocess.Popen([program, str(self.transmit), str(self.receive)], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def socket(self, kind, **options):
        s = self.context.socket(kind)
        s.setsockopt(zmq.LINGER, 0)
        s.setsockopt(zmq.RCVTIMEO, WAIT_MS)
        s.setsockopt(zmq.SNDTIMEO, WAIT_MS)
        for name, value in options.items():
            s.setsockopt(getattr(zmq, name), value)
        return s

    def server(self, kind=zmq.REP, **options):
        s = self.socket(kind, **options)
        until = time.time() + 5
        while True:
            try:
                s.bind("tcp://127.0.0.1:%d" % self.receive)
                return s
            except zmq.ZMQError:  # that of the test before is still closing
                if time.time() > until:
                    raise
                time.sleep(0.01)

    def client(self, kind=zmq.REQ, **options):
        s = self.socket(kind, **options)
        s.connect("tcp://127.0.0.1:%d" % self.transmit)
        return s

    def end(self):
        """Its figures."""
        out, _ = self.process.communicate(timeout=20)
        self.context.destroy(0)
        assert self.process.returncode == 0, self.process.returncode
        return {name: int(value) for name, value in (line.split() for line in out.splitlines())}


def ask(client, octets=b"\xff"):
    client.send(octets)
    return client.recv()


def ask_for(client, length):
    data = b""
    while len(data) < length:
        data += ask(client)
    return data


def give(server, data):
    request = server.recv()
    assert request == b"\0", request
    server.send(data)


def test_round_trip(program):
    """Blocks of every size come back as they were, long ones in several answers."""
    e = Echo(program)
    server, client = e.server(), e.client()
    sizes = [1, 2, 31, 32, 33, 1000, 5760, 23040, 32768, 32769, 131072]
    for i, count in enumerate(sizes * 2):
        data = block(i * 7, count)
        give(server, data)
        assert ask_for(client, len(data)) == data, count
    give(server, b"")
    give(server, block(1, 1))
    assert ask(client) == block(1, 1)
    stats = e.end()
    assert stats["received"] == stats["sent"] == 2 * sum(sizes) + 1, stats
    assert stats["joined"] == stats["clients"] == 1 and stats["blocks_in"] == 2 * len(sizes) + 1, stats
    assert not any(stats[k] for k in ("broken", "malformed", "tamed", "timed_out", "clients_refused", "unsendable")), stats


def test_order_of_arrival(program):
    """A request may wait for the samples, and the samples for the request; several blocks leave as one."""
    e = Echo(program)
    client = e.client()
    client.send(b"x")
    time.sleep(0.1)
    server = e.server()
    give(server, block(0, 10))
    assert client.recv() == block(0, 10)
    for i in range(5):
        give(server, block(i * 100, 100))
    server.recv()  # so the fifth was taken
    assert ask(client) == b"".join(block(i * 100, 100) for i in range(5))
    e.end()


def test_coming_again(program):
    """Either peer may go and come; both sides begin anew, by the sockets that the confined process has."""
    e = Echo(program)
    for i in range(4):
        server, client = e.server(), e.client()
        give(server, block(i, 500))
        assert ask(client) == block(i, 500)
        give(server, block(9, 9))  # nobody asks for it: it is forgotten
        server.recv()
        server.close()
        client.close()
        time.sleep(0.05)
    server, client = e.server(), e.client()
    give(server, block(77, 7))
    assert ask(client) == block(77, 7)
    stats = e.end()
    assert stats["joined"] == stats["clients"] == 5 and stats["broken"] == 4 and stats["malformed"] == 0, stats


def test_heartbeats(program):
    """libzmq's PINGs are answered: without PONG it would close after 100 ms."""
    options = {"HEARTBEAT_IVL": 20, "HEARTBEAT_TIMEOUT": 100, "HEARTBEAT_TTL": 1000}
    e = Echo(program)
    server, client = e.server(**options), e.client(**options)
    for i in range(2):
        give(server, block(i, 100))
        assert ask(client) == block(i, 100)
        time.sleep(0.25)
    stats = e.end()
    assert stats["joined"] == stats["clients"] == 1 and stats["broken"] == 0, stats


def test_second_client(program):
    """It is served when the first has gone, and has lost nothing that it had to ask."""
    e = Echo(program)
    server, first = e.server(), e.client()
    give(server, block(0, 10))
    assert ask(first) == block(0, 10)
    second = e.client(RECONNECT_IVL=20, RCVTIMEO=200)
    second.send(b"x")
    give(server, block(1, 10))
    try:
        second.recv()
        raise AssertionError("the second client is served")
    except zmq.Again:
        pass
    assert ask(first) == block(1, 10)
    server.recv()
    first.close()
    second.setsockopt(zmq.RCVTIMEO, WAIT_MS)
    server.close()  # it has a request that is never asked again: the stream began anew
    server = e.server()
    give(server, block(2, 10))
    assert second.recv() == block(2, 10)
    stats = e.end()
    assert stats["clients"] == 2 and stats["clients_refused"] > 0, stats


def test_other_sockets(program):
    """DEALER and ROUTER may stand for REQ and REP: envelopes go with the answers; other sockets are refused."""
    e = Echo(program)
    server, client = e.server(zmq.ROUTER), e.client(zmq.DEALER)
    who, empty, request = server.recv_multipart()
    assert (empty, request) == (b"", b"\0")
    server.send_multipart([who, b"", block(3, 300)])
    client.send_multipart([b"one", b"two", b"", b"more than an octet"])
    assert client.recv_multipart() == [b"one", b"two", b"", block(3, 300)]
    client.close()
    wrong = [e.client(zmq.SUB), e.client(zmq.PAIR), e.client(zmq.PUSH)]
    time.sleep(0.15)
    for s in wrong:
        s.close()
    stats = e.end()
    assert stats["malformed"] > 0 and stats["clients"] == 1, stats


def test_bad_blocks(program):
    """What is no block ends the connection, and the stream goes on with the next."""
    e = Echo(program)
    server, client = e.server(), e.client()
    for i, data in enumerate((b"1234567", b"123456789", bytes((1 << 20) + 8))):
        give(server, data)
        server.close()
        server = e.server()
        give(server, block(i, 50))
        assert ask(client) == block(i, 50)
    server.recv()
    server.send_multipart([block(0, 1), block(0, 1)])
    server.close()
    server = e.server()
    values = [float("nan"), float("inf"), -float("inf"), 1e30, -1e30, 1e9, -1e9, 1e-40]
    give(server, struct.pack("=8f", *values))
    assert struct.unpack("=8f", ask(client)) == struct.unpack("=8f", struct.pack("=8f", 0, 0, 0, 1e9, -1e9, 1e9, -1e9, 1e-40))
    stats = e.end()
    assert stats["malformed"] == 4 and stats["broken"] == 4 and stats["tamed"] == 5 and stats["clients"] == 1, stats


def main():
    program, failed = os.path.abspath(sys.argv[1]), 0
    tests = [(name, test) for name, test in sorted(globals().items()) if name.startswith("test_")]
    for name, test in tests:
        begun = time.time()
        try:
            test(program)
        except Exception as error:  # pylint: disable=broad-except
            failed += 1
            print("%s: %s: %s" % (name, type(error).__name__, error))
        print("%s %.1f s" % (name, time.time() - begun))
    print("%d passed, %d failed" % (len(tests) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
