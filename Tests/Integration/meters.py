"""A Modbus server that is not ours: pymodbus, with a water and a power meter whose registers a file can change.

Usage: meters.py tcp PORT | rtu DEVICE   (water: unit 5, power: unit 6)
Water: u32 litres at holding 0. Power: Eastron SDM120, float32 in input registers, and
its meter code at holding 0xFC02.
"""
import asyncio
import struct
import sys

from pymodbus.datastore import (
    ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock)
from pymodbus.framer import FramerType
from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer

LITRES = 412_345
SDM120 = {0x0000: 231.5, 0x0006: 1.25, 0x000C: 287.5, 0x0046: 50.0, 0x0048: 3178.25, 0x0156: 3178.5}


def float_words(value):
    return struct.unpack(">HH", struct.pack(">f", value))


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


async def main():
    kind, where = sys.argv[1], sys.argv[2]
    if kind == "tcp":
        await StartAsyncTcpServer(context(), address=("127.0.0.1", int(where)))
    else:
        await StartAsyncSerialServer(context(), framer=FramerType.RTU, port=where, baudrate=9600)


asyncio.run(main())
