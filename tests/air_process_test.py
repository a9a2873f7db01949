"""freehold air between ends that are ZeroMQ's own (python3-zmq): air_process_test.py FREEHOLD. Who hears whom, at which SNR; who comes and goes."""
import array
import math
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

import zmq

WAIT_MS = 10000
LATE = 10  # samples that the channel takes
BLOCK = 2000
NETWORK = """plmn: "00101"
tacs: [1]
slices: [1]
dnns: [{name: internet, pool: 10.45.0.0/16}]
air:
  rate_hz: 1920000
  level_db: -20
  realtime: %s
  metrics_address: 127.0.0.1
  metrics_port: %d
  gnb: {transmit_port: %d, receive_port: %d}
  ues:
    - {transmit_port: %d, receive_port: %d, snr_db: 20}
    - {transmit_port: %d, receive_port: %d, snr_db: 14, delay_samples: 7}
"""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class End:
    """A gNB or a UE: its transmitter answers, its receiver asks."""

    def __init__(self, context, ask_port, answer_port, seed):
        self.transmitter, self.receiver = context.socket(zmq.REP), context.socket(zmq.REQ)
        for s in (self.transmitter, self.receiver):
            s.setsockopt(zmq.LINGER, 0)
            s.setsockopt(zmq.RCVTIMEO, WAIT_MS)
        until = time.time() + 5
        while True:
            try:
                self.transmitter.bind("tcp://127.0.0.1:%d" % answer_port)
                break
            except zmq.ZMQError:  # that of the end before is still closing
                assert time.time() < until
                time.sleep(0.01)
        self.receiver.connect("tcp://127.0.0.1:%d" % ask_port)
        self.random, self.asked = random.Random(seed), False
        self.sent, self.heard = [], []

    def give(self, count=BLOCK):
        """Samples of level_db."""
        block = [0.1 * complex(math.cos(a), math.sin(a)) for a in (self.random.uniform(0, 2 * math.pi) for _ in range(count))]
        self.transmitter.recv()
        self.transmitter.send(array.array("f", (v for s in block for v in (s.real, s.imag))).tobytes())
        self.sent += block

    def take(self, count=BLOCK):
        end = len(self.heard) + count
        while len(self.heard) < end:
            if not self.asked:
                self.receiver.send(b"\0")
            self.asked = True
            v = array.array("f", self.receiver.recv())
            self.asked = False
            self.heard += map(complex, v[0::2], v[1::2])

    def hears_nothing(self):
        if not self.asked:
            self.receiver.send(b"\0")
        self.asked = True
        return self.receiver.poll(200) == 0

    def close(self):
        self.transmitter.close()
        self.receiver.close()


def error_db(heard, wanted):
    """The error's power, below level_db."""
    assert len(heard) >= len(wanted) > 1000
    return -20 - 10 * math.log10(sum(abs(a - b) ** 2 for a, b in zip(heard, wanted)) / len(wanted))


class Air:
    def __init__(self, freehold, folder, realtime):
        self.freehold, ports = freehold, free_ports(7)
        self.ports = {"gnb": ports[1:3], 0: ports[3:5], 1: ports[5:7]}
        self.metrics = "127.0.0.1:%d" % ports[0]
        path = os.path.join(folder, "network.yaml")
        with open(path, "w", encoding="utf-8") as f:
            f.write(NETWORK % (("yes" if realtime else "no",) + tuple(ports)))
        self.context = zmq.Context()
        env = dict(os.environ, ASAN_OPTIONS="detect_leaks=0")  # a confined process cannot look for them
        self.process = subprocess.Popen([freehold, "air", "-c", path], stderr=subprocess.PIPE, text=True, env=env)

    def end(self, who, seed):
        return End(self.context, *self.ports[who], seed)

    def figures(self):
        p = subprocess.run([self.freehold, "metrics", "--address", self.metrics], stdout=subprocess.PIPE, text=True, check=True)
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in p.stdout.splitlines() if line[0] != "#")}

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        _, log = self.process.communicate(timeout=20)
        self.context.destroy(0)
        assert self.process.returncode == 0, log
        return log


def step(gnb, ues):
    """A block each way of all."""
    gnb.give()
    for ue in ues:
        ue.take()
        ue.give()
    gnb.take()


def test_snr_and_sum(freehold, folder):
    """Two UEs hear the gNB at the SNR asked for; the gNB hears both, the weaker one by 6 dB less, with the noise once."""
    air = Air(freehold, folder, False)
    ues = [air.end(i, 10 + i) for i in range(2)]
    time.sleep(0.3)  # both are there, and nothing moves: there is no gNB
    gnb = air.end("gnb", 1)
    for _ in range(6):
        step(gnb, ues)
    for ue, snr, delay in zip(ues, (20, 14), (LATE, LATE + 7)):
        assert abs(error_db(ue.heard[delay:], gnb.sent[:-delay]) - snr) < 0.3, error_db(ue.heard[delay:], gnb.sent[:-delay])
    both = [a + 10 ** (-6 / 20) * b for a, b in zip(ues[0].sent, [0j] * 7 + ues[1].sent)]
    assert abs(error_db(gnb.heard[LATE:], both[:-LATE]) - 20) < 0.3, error_db(gnb.heard[LATE:], both[:-LATE])
    f = air.figures()
    assert f["freehold_air_gnb"] == 1 and f["freehold_air_ues"] == 2, f
    assert f["freehold_air_downlink_samples_total"] == f["freehold_air_uplink_samples_total"] == 6 * BLOCK, f
    assert f["freehold_air_samples_lost_total"] == 0 and f["freehold_samples_joined_total"] == 3, f
    log = air.stop()
    assert "UE 2 is there" in log and "the gNB is there" in log, log


def test_coming_and_going(freehold, folder):
    """A UE may come later and leave; who is there is waited for; a gNB may come again."""
    air = Air(freehold, folder, False)
    gnb = air.end("gnb", 1)
    for _ in range(3):
        gnb.give()
        gnb.take()
    assert all(abs(s) < 0.2 for s in gnb.heard)  # noise alone
    ue = air.end(0, 10)
    until = time.time() + 5
    while air.figures()["freehold_air_ues"] != 1:
        assert time.time() < until
    gnb.give()
    assert gnb.hears_nothing()
    ue.take()
    ue.give()
    gnb.take()
    for _ in range(3):
        step(gnb, [ue])
    came = len(gnb.sent) - 4 * BLOCK
    assert abs(error_db(ue.heard[LATE:], gnb.sent[came:-LATE]) - 20) < 0.3
    assert abs(error_db(gnb.heard[came + LATE:], ue.sent[:-LATE]) - 20) < 0.3
    ue.close()
    gnb.give()
    gnb.take()
    gnb.close()
    ue, gnb = air.end(0, 20), air.end("gnb", 2)
    until = time.time() + 5
    while air.figures()["freehold_samples_joined_total"] != 4:
        assert time.time() < until
    for _ in range(2):
        step(gnb, [ue])
    assert abs(error_db(ue.heard[2 * LATE:], gnb.sent[LATE:-LATE]) - 20) < 0.4
    log = air.stop()
    assert "UE 1 is gone" in log and "the gNB is gone" in log, log


def test_realtime(freehold, folder):
    """With realtime a gNB alone is held back: a hundredth of a second takes it."""
    air = Air(freehold, folder, True)
    gnb = air.end("gnb", 1)
    gnb.give()
    gnb.take()
    begun = time.time()
    for _ in range(20):
        gnb.give()
        gnb.take()
    took = time.time() - begun
    assert 20 * BLOCK / 1920000 - 0.011 < took < 3, took
    air.stop()


def test_refusals(freehold, folder):
    """What cannot be is named with its line; without air there is nothing to run."""
    path = os.path.join(folder, "network.yaml")
    text = NETWORK % (("no",) + tuple(range(2000, 2007)))
    for instead, error in ((("snr_db: 14", "snr_db: loud"), "network.yaml:14: air.ues[2].snr_db: expected a number"),
                           (("transmit_port: 2005", "transmit_port: 2003"), "network.yaml:14: air.ues[2].transmit_port: expected a transmit_port")):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(*instead))
        p = subprocess.run([freehold, "air", "-c", path], stderr=subprocess.PIPE, text=True, check=False)
        assert p.returncode == 2 and error in p.stderr, p.stderr
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.split("air:")[0])
    p = subprocess.run([freehold, "air", "-c", path], stderr=subprocess.PIPE, text=True, check=False)
    assert p.returncode == 2 and "air.ues has no entry" in p.stderr, p.stderr


def main():
    freehold, failed = os.path.abspath(sys.argv[1]), 0
    tests = [(name, test) for name, test in sorted(globals().items()) if name.startswith("test_")]
    for name, test in tests:
        begun = time.time()
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(freehold, folder)
            except Exception as error:  # pylint: disable=broad-except
                failed += 1
                print("%s: %s: %s" % (name, type(error).__name__, error))
        print("%s %.1f s" % (name, time.time() - begun))
    print("%d passed, %d failed" % (len(tests) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
