"""The agent beside collectd: the same devices, the same broker, the same minutes. Prints what each of them took.

Usage: against_collectd.py AGENT COLLECTD-FOLDER [SECONDS]   (exit 1 if the agent takes more CPU)
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from peers import Bench, Failed, free_port, listens, wait_for

DEVICES = 4
SETTLING = 15  # seconds for connections, first records, and memory that is taken once

# quantity, unit, collectd's type; at two registers each
VALUES = [
    ("voltage", "V", "voltage"), ("current", "A", "current"), ("power", "W", "power"), ("frequency", "Hz", "frequency"),
    ("energy", "kWh", "gauge"), ("temperature", "degC", "temperature"), ("humidity", "%", "humidity"),
    ("flow", "L/h", "gauge"),
]


def home(ports, broker):
    lines = ['schema = 1', '[home]', 'id = "bench"', 'timezone = "Asia/Shanghai"', 'board = "simulated"']
    for device, port in enumerate(ports):
        lines += ['[[bus]]', f'name = "net{device}"', 'kind = "tcp"', f'address = "127.0.0.1:{port}"',
                  '[[meter]]', f'name = "meter{device}"', f'bus = "net{device}"', 'unit = 1', 'poll = "1s"']
        for place, (quantity, unit, _) in enumerate(VALUES):
            lines += ['[[meter.register]]', f'signal = "{quantity}"', f'quantity = "{quantity}"', 'table = "input"',
                      f'address = {2 * place}', 'type = "f32"', 'order = "ABCD"', f'unit = "{unit}"']
    lines += ['[upstream]', f'broker = "mqtt://127.0.0.1:{broker}"', 'topic-prefix = "homes"', 'ack = "broker"']
    return "\n".join(lines) + "\n"


def collectd_configuration(folder, installed, ports, broker):
    lines = ['Hostname "bench"', 'FQDNLookup false', 'Interval 1', f'BaseDir "{folder}"',
             f'PIDFile "{folder}/collectd.pid"', f'PluginDir "{installed}/usr/lib/collectd"',
             f'TypesDB "{installed}/usr/share/collectd/types.db"', 'LoadPlugin modbus', 'LoadPlugin mqtt',
             '<Plugin modbus>']
    for place, (quantity, _, kind) in enumerate(VALUES):
        lines += [f'<Data "{quantity}">', f'RegisterBase {2 * place}', 'RegisterType Float', 'RegisterCmd ReadInput',
                  f'Type {kind}', f'Instance "{quantity}"', '</Data>']
    for device, port in enumerate(ports):
        lines += [f'<Host "meter{device}">', 'Address "127.0.0.1"', f'Port "{port}"', 'Interval 1', '<Slave 1>',
                  'Instance "meter"', *(f'Collect "{quantity}"' for quantity, _, _ in VALUES), '</Slave>', '</Host>']
    lines += ['</Plugin>', '<Plugin mqtt>', '<Publish "broker">', 'Host "127.0.0.1"', f'Port "{broker}"',
              'Prefix "collectd"', '</Publish>', '</Plugin>']
    return "\n".join(lines) + "\n"


def cpu_seconds(pid):
    """User and kernel time of all its threads, to the nanosecond: /proc/PID/stat counts hundredths of a second, and
    neither program takes many."""
    tasks = sorted(pathlib.Path(f"/proc/{pid}/task").iterdir())
    return tuple(task.name for task in tasks), sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def cpu_since(pid, before):
    threads, seconds = cpu_seconds(pid)
    if threads != before[0]:
        raise Failed(f"process {pid} started or ended threads meanwhile, and their time is not counted")
    return seconds - before[1]


def memory_kb(pid, file, key):
    for line in pathlib.Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1])
    raise Failed(f"/proc/{pid}/{file} has no {key}")


def subscribe(bench, broker, topics):
    """Keeps the topic of every message under `topics`; one line each."""
    name = topics.split("/")[0]
    return bench.start(f"subscriber-{name}", ["mosquitto_sub", "-p", broker, "-t", topics, "-F", "%t"])


def lines_of(child):
    return child.text().splitlines()


def measure(bench, installed, seconds):
    broker = bench.broker().port
    ports = [free_port() for _ in range(DEVICES)]
    bench.start("devices", [sys.executable, pathlib.Path(__file__).with_name("devices.py"), *ports])
    for port in ports:
        wait_for(f"the device on port {port}", lambda port=port: listens(port))
    theirs, ours = subscribe(bench, broker, "collectd/#"), subscribe(bench, broker, "homes/#")
    configuration = bench.write("collectd.conf", collectd_configuration(bench.folder, installed, ports, broker))
    running = {
        "collectd": bench.start("collectd", [installed / "usr/sbin/collectd", "-f", "-C", configuration]).child,
        "edge-agent": bench.agent(bench.write("home.toml", home(ports, broker))).child,
    }
    wait_for("collectd's first values", lambda: lines_of(theirs))
    wait_for("the agent's first readings", lambda: any(t.endswith("/readings") for t in lines_of(ours)), 90)
    time.sleep(SETTLING)
    before = {name: cpu_seconds(child.pid) for name, child in running.items()}
    seen = len(lines_of(theirs)), len(lines_of(ours))
    began = time.monotonic()
    time.sleep(seconds)
    elapsed = time.monotonic() - began
    results = {}
    for name, messages in (("collectd", len(lines_of(theirs)) - seen[0]), ("edge-agent", len(lines_of(ours)) - seen[1])):
        child = running[name]
        if child.poll() is not None:
            raise Failed(f"{name} ended early")
        results[name] = (cpu_since(child.pid, before[name]), memory_kb(child.pid, "status", "VmRSS"),
                         memory_kb(child.pid, "smaps_rollup", "Pss"), messages)
    check_equal_work(bench, results["collectd"][3], elapsed)
    return results, elapsed


def check_equal_work(bench, messages, elapsed):
    """Numbers of a program that does not do its work are worth nothing."""
    due = DEVICES * len(VALUES) * elapsed
    if messages < 0.9 * due:
        raise Failed(f"collectd published {messages} of {due:.0f} values")
    status = bench.status()
    late = [s["name"] for s in status["signals"] if s["missing"] or s.get("ageSeconds", 99) > 3]
    if late or len(status["signals"]) != DEVICES * len(VALUES):
        raise Failed(f"the agent has no fresh value of: {', '.join(late)}")


def main():
    binary, installed = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 120
    # Beside the build, since the agent's database belongs on a real disk, which /tmp need not be.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=binary.parent))
    bench = Bench(binary, folder / "t")
    try:
        results, elapsed = measure(bench, installed, seconds)
    except Failed as failure:
        print(f"against_collectd: {failure}", file=sys.stderr)
        for child in bench.children:
            print(f"--- {child.name}\n{child.text()[-2000:]}", file=sys.stderr)
        return 4
    finally:
        bench.close()
        shutil.rmtree(folder, ignore_errors=True)
    version = subprocess.run([installed / "usr/sbin/collectd", "-h"], capture_output=True, text=True).stdout
    print(f"{DEVICES} Modbus/TCP devices × {len(VALUES)} values each second for {elapsed:.0f} s, both at once, "
          f"{version.split('http')[0].splitlines()[-1].strip(' ,')}")
    print(f"{'':12}{'CPU s':>8}{'of a core':>11}{'RSS MB':>8}{'PSS MB':>8}{'messages':>10}")
    for name, (cpu, rss, pss, messages) in results.items():
        print(f"{name:12}{cpu:8.3f}{100 * cpu / elapsed:10.3f}%{rss / 1000:8.1f}{pss / 1000:8.1f}{messages:10}")
    ratio = results["edge-agent"][0] / results["collectd"][0]
    print("collectd publishes every value each second, at QoS 0. The agent judges every value each second, and sends what\n"
          "changed once a minute at QoS 1, from a database that survives a power cut: so each of them works in a home.")
    print(f"CPU of the agent: {ratio:.2f} of collectd's (at most 1.00: {'met' if ratio <= 1 else 'MISSED'})")
    return 0 if ratio <= 1 else 1


sys.exit(main())
