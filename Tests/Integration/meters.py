"""A Modbus server that is not ours: pymodbus, with a water and a power meter whose registers a file can change.

Usage: meters.py tcp PORT [PERSON] | rtu DEVICE [PERSON]   (water: unit 5, power: unit 6)
PERSON: a file that somebody may write: lines "unit function address word word…", taken over as soon as they stand there.
Water: u32 litres at holding 0. Power: Eastron SDM120, float32 in input registers, and
its meter code at holding 0xFC02.
"""
import asyncio
import pathlib
import sys

from pymodbus.datastore import (
    ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock)
from pymodbus.framer import FramerType
from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer

from meters_values import LITRES, SDM120, float_words

def context():
    water = [LITRES >> 16, LITRES & 0xFFFF] + [0] * 14
    power = [0] * 0x0200
    for address, value in SDM120.items():
        power[address : address + 2] = float_words(value)
    # pymodbus counts a block's addresses from 1.
    return ModbusServerContext(
        slaves={
            5: ModbusSlaveContext(hr=ModbusSequentialDataBlock(1, water)),
            6: ModbusSlaveContext(ir=ModbusSequentialDataBlock(1, power), hr=ModbusSparseDataBlock({0xFC03: 0x0020})),
        },
        single=False,
    )


async def person(meters, file):
    """Whoever opens taps and switches kettles on."""
    while True:
        if file.exists():
            for line in file.read_text().splitlines():
                unit, function, address, *words = (int(part, 0) for part in line.split())
                meters[unit].setValues(function, address, words)
        await asyncio.sleep(0.1)


async def main():
    kind, where = sys.argv[1], sys.argv[2]
    meters = context()
    living = asyncio.create_task(person(meters, pathlib.Path(sys.argv[3]))) if len(sys.argv) > 3 else None
    if kind == "tcp":
        await StartAsyncTcpServer(meters, address=("127.0.0.1", int(where)))
    else:
        await StartAsyncSerialServer(meters, framer=FramerType.RTU, port=where, baudrate=9600)
    del living


asyncio.run(main())
