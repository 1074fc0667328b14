"""Modbus/TCP devices that are not ours: pymodbus, a port each, with eight measured values that move all the time.

Usage: devices.py PORT …   (unit 1; eight float32 in input registers 0 to 15)
"""
import asyncio
import math
import struct
import sys
import time

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import ModbusTcpServer

VOLTAGE_TO_FREQUENCY = [231.5, 1.25, 287.5, 50.0]
TEMPERATURE_TO_FLOW = [21.5, 45.0, 412.345]


def words_now():
    """Eight values of this moment, so that nobody can save work because nothing changed. Energy only grows."""
    swing = 1 + 0.01 * math.sin(time.time() / 10)
    values = [v * swing for v in VOLTAGE_TO_FREQUENCY] + [3000 + time.monotonic() % 1e6 / 100] + [
        v * swing for v in TEMPERATURE_TO_FLOW]
    return struct.unpack(f">{2 * len(values)}H", struct.pack(f">{len(values)}f", *values))


class MovingValues(ModbusSequentialDataBlock):
    def __init__(self):
        super().__init__(1, list(words_now()))

    def getValues(self, address, count=1):
        # pymodbus counts a block's addresses from 1.
        return list(words_now()[address - 1 : address - 1 + count])


async def main():
    servers = []
    for port in sys.argv[1:]:
        device = ModbusSlaveContext(ir=MovingValues())
        context = ModbusServerContext(slaves={1: device}, single=False)
        servers.append(ModbusTcpServer(context, address=("127.0.0.1", int(port))))
    await asyncio.gather(*(server.serve_forever() for server in servers))


asyncio.run(main())
