"""Python's side of the harness: a round for each line read, answered by a line of what was measured and seen."""
import ctypes
import os
import sys
import time

from bcc import BPF

LIBC = ctypes.CDLL(None, use_errno=True)
cpu = time.thread_time_ns
wall = time.monotonic_ns
PAGES, FULL = 256, 13000  # events that fill a buffer of so many pages


class Report:
    def __init__(self):
        self.words = []

    def measured(self, metric, nanos):
        self.words.append("%s=%d" % (metric, nanos))

    def saw(self, check, value):
        self.words.append("%s:%d" % (check, value))


def text(name):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bpf", name + ".c")) as f:
        return f.read()


class TestRun(ctypes.Structure):
    _fields_ = [("prog_fd", ctypes.c_uint32), ("retval", ctypes.c_uint32),
                ("data_size_in", ctypes.c_uint32), ("data_size_out", ctypes.c_uint32),
                ("data_in", ctypes.c_uint64), ("data_out", ctypes.c_uint64),
                ("repeat", ctypes.c_uint32), ("duration", ctypes.c_uint32)]


def produce(function, times):
    """Runs a program that often by BPF_PROG_TEST_RUN."""
    packet = ctypes.create_string_buffer(64)
    attr = TestRun(prog_fd=function.fd, data_size_in=64, data_in=ctypes.addressof(packet), repeat=times)
    if LIBC.syscall(321, 10, ctypes.byref(attr), ctypes.sizeof(attr)) != 0:
        raise OSError(ctypes.get_errno(), "BPF_PROG_TEST_RUN")


def fill(table, size):
    """Entries i -> 3 i, in batches."""
    keys = (table.Key * size)(*range(size))
    values = (table.Leaf * size)(*range(0, 3 * size, 3))
    table.items_update_batch(keys, values)


def main(task):
    t = task(sys.argv[1], int(sys.argv[2]))
    print("ready", flush=True)
    for _ in sys.stdin:
        report = Report()
        t.round(report)
        print(*report.words, flush=True)
