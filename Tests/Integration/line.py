"""A serial line with a speed, between two pseudo-terminals: bytes arrive only if the agent's end is set to it.

Usage: line.py AGENTS-END METERS-END BAUD
SIGUSR1: a second master sends something. SIGUSR2: from then on two devices answer as unit 5.
"""
import os
import pty
import select
import signal
import sys
import termios
import tty

UNITS = (5, 6)
COLLIDING_UNIT = 5


def end(path):
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.symlink(os.ttyname(slave), path)
    return master


def main():
    agent, meters = end(sys.argv[1]), end(sys.argv[2])
    speed = getattr(termios, f"B{sys.argv[3]}")
    collides = False

    def second_master(*_):
        # Somebody else's questions to unit 9, with their checksum.
        os.write(agent, bytes.fromhex("09 03 00 00 00 02 C5 43") * 30)

    def second_device(*_):
        nonlocal collides
        collides = True

    signal.signal(signal.SIGUSR1, second_master)
    signal.signal(signal.SIGUSR2, second_device)
    while True:
        for ready in select.select([agent, meters], [], [])[0]:
            data = os.read(ready, 4096)
            # Nobody of another unit id is there; pymodbus would answer for it, and wrongly (function 0x80).
            if termios.tcgetattr(agent)[5] != speed or ready == agent and data[0] not in UNITS:
                continue
            if ready == meters and collides and data[0] == COLLIDING_UNIT:
                # Both drive the wires: what is dominant wins, bit by bit.
                data = data[:1] + bytes(a | b for a, b in zip(data[1:], data[2:] + data[:1]))
            os.write(meters if ready == agent else agent, data)


main()
