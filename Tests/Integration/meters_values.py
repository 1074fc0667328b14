"""What the meters of meters.py show at first, for the meters themselves and for tests."""
import struct

LITRES = 412_345
SDM120 = {0x0000: 231.5, 0x0006: 1.25, 0x000C: 287.5, 0x0046: 50.0, 0x0048: 3178.25, 0x0156: 3178.5}


def float_words(value):
    return struct.unpack(">HH", struct.pack(">f", value))
