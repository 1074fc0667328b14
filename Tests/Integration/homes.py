"""Configurations of the integration tests."""

INPUTS = """
[[input]]
name = "panic"
kind = "panic"
line = "PANIC"

[[input]]
name = "smoke.kitchen"
kind = "smoke"
line = "SMOKE"

[[input]]
name = "motion.bedroom"
kind = "motion"
line = "MOTION"

[[output]]
name = "siren"
kind = "siren"
line = "SIREN"
"""

METERS = """
[[meter]]
name = "water"
bus = "meters"
unit = 5
poll = "1s"
  [[meter.register]]
  signal = "volume"
  quantity = "volume"
  table = "holding"
  address = 0
  type = "u32"
  order = "ABCD"
  scale = "0.001"
  unit = "m3"

[[meter]]
name = "power"
bus = "meters"
unit = 6
poll = "1s"
profile = "eastron-sdm120"
"""

RULES = """
[[rule]]
name = "no-water"
kind = "low-use"
signal = "water.volume"
window = "12h"
below = "0.01 m3"
"""


def head():
    return 'schema = 1\n\n[home]\nid = "test-home"\ntimezone = "Asia/Shanghai"\nboard = "simulated"\n'


def tcp_bus(port):
    return f'\n[[bus]]\nname = "meters"\nkind = "tcp"\naddress = "127.0.0.1:{port}"\n'


def rtu_bus(path):
    return f'\n[[bus]]\nname = "meters"\nkind = "rtu"\nport = "{path}"\nbaud = 9600\nparity = "none"\nstop-bits = 1\n'


def upstream(url, extra="", heartbeat="1min", encoding="protobuf"):
    return (f'\n[upstream]\nbroker = "{url}"\ntopic-prefix = "homes"\nheartbeat = "{heartbeat}"\nreadings = "1min"\nspread = "0s"\n'
            f'encoding = "{encoding}"\n{extra}')


def tls_keys(certificates):
    return (f'ca-file = "{certificates.ca}"\ncertificate-file = "{certificates.client}"\n'
            f'key-file = "{certificates.client_key}"\n')


def home(bus="", meters="", rules="", up=""):
    return head() + bus + meters + INPUTS + rules + up
