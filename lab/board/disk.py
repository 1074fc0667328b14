"""The board's disk: an NBD server whose writes are volatile until the guest flushes them, as in an SD card or SSD.

Usage: disk.py IMAGE SOCKET SEED

Reads see every write at once. A flush makes all writes that were answered before it durable; a write with FUA makes
itself durable. When the connection ends, by power cut or not, each sector of each write that was not flushed is kept or
lost at random, in the order of the writes: later ones may be there and earlier ones not, and a write may be torn. A
line on stdout says what happened, and IMAGE then holds what the medium would; the next connection starts from there.

A number N on stdin: after N more writes nothing is answered any more until the connection ends, so that a cut falls
between a write and its flush, where the time is too short to hit by chance.
"""
import mmap
import random
import socket
import struct
import sys
import threading

SECTOR = 512  # what a medium writes whole or not at all
READ, WRITE, DISCONNECT, FLUSH = 0, 1, 2, 3
FUA = 1
OPTION_ABORT, OPTION_GO = 2, 7
REPLY_ACK, REPLY_INFO, REPLY_UNSUPPORTED = 1, 3, 0x80000001
EXPORT_FLAGS = 1 | 1 << 2 | 1 << 3  # flags are valid, FLUSH and FUA are understood
OPTION_MAGIC, OPTION_REPLY_MAGIC = 0x49484156454F5054, 0x3E889045565A9
REQUEST_MAGIC, REPLY_MAGIC = 0x25609513, 0x67446698


class Gone(Exception):
    """The other side has closed the connection."""


def receive(peer, count):
    data = bytearray()
    while len(data) < count:
        try:
            part = peer.recv(min(count - len(data), 1 << 20))
        except ConnectionError:
            part = b""
        if not part:
            raise Gone
        data += part
    return data


def negotiate(peer, size):
    """NBD's fixed newstyle handshake, as far as QEMU needs it (nbd/doc/proto.md)."""
    peer.sendall(b"NBDMAGIC" + struct.pack(">QH", OPTION_MAGIC, 1))
    receive(peer, 4)
    while True:
        _, option, length = struct.unpack(">QII", receive(peer, 16))
        receive(peer, length)

        def reply(kind, data=b""):
            peer.sendall(struct.pack(">QIII", OPTION_REPLY_MAGIC, option, kind, len(data)) + data)

        if option == OPTION_GO:
            reply(REPLY_INFO, struct.pack(">HQH", 0, size, EXPORT_FLAGS))
            reply(REPLY_ACK)
            return
        reply(REPLY_ACK if option == OPTION_ABORT else REPLY_UNSUPPORTED)


class Medium:
    def __init__(self, path):
        self.file = open(path, "r+b")
        self.start()

    def start(self):
        # A private mapping: what the guest sees. The file is what has become durable.
        self.seen = mmap.mmap(self.file.fileno(), 0, access=mmap.ACCESS_COPY)
        self.volatile = []
        self.flushes = self.bytes = 0
        self.writes_left = None  # None: no limit

    def obey(self, lines):
        for line in lines:
            self.writes_left = int(line)

    def is_stopped(self):
        """Asked after each write."""
        if self.writes_left is None:
            return False
        self.writes_left -= 1
        return self.writes_left <= 0

    def write(self, offset, data, durable):
        self.seen[offset : offset + len(data)] = bytes(data)
        self.bytes += len(data)
        # In its place among the others even when durable: an older write must not come back over it.
        self.volatile.append((offset, data, durable))

    def store(self, offset, data):
        self.file.seek(offset)
        self.file.write(data)

    def flush(self):
        for offset, data, _ in self.volatile:
            self.store(offset, data)
        self.volatile = []
        self.flushes += 1

    def cut(self, choice):
        """Loses a random part of what was not flushed; says how much."""
        share = choice.random()
        lost = total = 0
        for offset, data, durable in self.volatile:
            for start in range(0, len(data), SECTOR):
                total += 1
                if durable or choice.random() < share:
                    self.store(offset + start, data[start : start + SECTOR])
                else:
                    lost += 1
        self.file.flush()
        said = f"{len(self.volatile)} unflushed writes, {lost} of {total} sectors lost, {self.flushes} flushes, {self.bytes} bytes"
        self.seen.close()
        self.start()
        return said


def serve(peer, medium):
    negotiate(peer, len(medium.seen))
    while True:
        magic, flags, kind, handle, offset, length = struct.unpack(">IHHQQI", receive(peer, 28))
        if magic != REQUEST_MAGIC:
            raise ValueError(f"no NBD request: {magic:#x}")
        data = b""
        if kind == READ:
            data = medium.seen[offset : offset + length]
        elif kind == WRITE:
            medium.write(offset, receive(peer, length), durable=bool(flags & FUA))
            if medium.is_stopped():
                while True:
                    receive(peer, 1)
        elif kind == FLUSH:
            medium.flush()
        elif kind == DISCONNECT:
            raise Gone
        peer.sendall(struct.pack(">IIQ", REPLY_MAGIC, 0, handle) + data)


def main():
    image, path, seed = sys.argv[1:]
    medium, choice = Medium(image), random.Random(seed)
    threading.Thread(target=medium.obey, args=(sys.stdin,), daemon=True).start()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(1)
    print("listening", flush=True)
    while True:
        peer, _ = listener.accept()
        try:
            serve(peer, medium)
        except (Gone, ConnectionError):
            pass
        peer.close()
        print(medium.cut(choice), flush=True)


if __name__ == "__main__":
    main()
