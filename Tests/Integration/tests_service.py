"""The daemon as a service: start, notifications, stop, status."""
import os
import socket
import time

import homes
from peers import wait_for
from tests_main_job import check


def notifications_and_a_clean_end(bench):
    """READY=1, WATCHDOG=1, STOPPING=1; SIGTERM ends it within 2 s, and what was read is committed."""
    address = bench.folder / "notify"
    port = bench.meters_tcp()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(str(address))
        notify.settimeout(10)
        config = bench.write("home.toml", homes.home(homes.tcp_bus(port), homes.METERS, homes.RULES))
        agent = bench.agent(config, env={"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "1000000"})
        check(notify.recv(100) == b"READY=1", "the first notification is not READY=1")
        check(notify.recv(100) == b"WATCHDOG=1", "the watchdog is not fed")
        wait_for("a first reading", lambda: any(s.get("value") for s in bench.status()["signals"]))
        began = time.monotonic()
        code = agent.end(seconds=4)
        took = time.monotonic() - began
        check(code == 0, f"exit code {code}")
        check(took < 2, f"SIGTERM took {took:.2f} s")
        said = []
        notify.settimeout(0.5)
        try:
            while True:
                said.append(notify.recv(100))
        except TimeoutError:
            pass
        check(b"STOPPING=1" in said, f"no STOPPING=1 among {said}")
    bench.agent(config, name="again")
    waiting = wait_for("the next life", lambda: (s := bench.status()) and s["upstream"]["waiting"])
    check(waiting.get("reading", 0) >= 1, f"readings of the first life are gone: {waiting}")
    return f"ended in {took:.2f} s"


def clean_end_while_a_meter_hangs(bench):
    """A bus in its time-out and a broker that does not answer do not delay the end."""
    with socket.socket() as deaf, socket.socket() as mute:
        for server in (deaf, mute):
            server.bind(("127.0.0.1", 0))
            server.listen(8)
        config = bench.write("home.toml", homes.home(
            homes.tcp_bus(deaf.getsockname()[1]), homes.METERS, homes.RULES,
            homes.upstream(f"mqtt://127.0.0.1:{mute.getsockname()[1]}")))
        agent = bench.agent(config)
        wait_for("the meters' silence to be noticed", lambda: (s := bench.status()) and s["faults"])
        began = time.monotonic()
        code = agent.end(seconds=4)
        took = time.monotonic() - began
        check(code == 0 and took < 2, f"exit code {code} after {took:.2f} s")
    return f"ended in {took:.2f} s"


def status_command(bench):
    """0 all well, 1 an alert is open, 4 nobody answers."""
    config = bench.write("home.toml", homes.home())
    places = {**os.environ, "RUNTIME_DIRECTORY": str(bench.folder / "run")}
    nobody = bench.run("status", env=places)
    check(nobody.returncode == 4 and "advice" in nobody.stderr, f"{nobody.returncode}: {nobody.stderr}")
    bench.agent(config)
    wait_for("the daemon", bench.status)
    well = bench.run("status", env=places)
    check(well.returncode == 0 and "panic" in well.stdout, f"{well.returncode}: {well.stdout}{well.stderr}")
    bench.ask("line SMOKE 1")
    wait_for("the smoke alert", lambda: bench.status()["alerts"])
    open_alert = bench.run("status", "--json", env=places)
    check(open_alert.returncode == 1 and '"red"' in open_alert.stdout, f"{open_alert.returncode}: {open_alert.stdout}")


def second_agent_is_refused(bench):
    """Somebody types `run` beside the service: it is told so, and the first one is left alone."""
    config = bench.write("home.toml", homes.home())
    bench.agent(config)
    wait_for("the daemon", bench.status)
    places = {**os.environ, "RUNTIME_DIRECTORY": str(bench.folder / "run"), "STATE_DIRECTORY": str(bench.folder / "other")}
    second = bench.run("run", "--config", config, env=places)
    check(second.returncode == 4 and "another agent" in second.stderr, f"{second.returncode}: {second.stderr}")
    check(bench.status() is not None, "the first agent's socket is gone")


TESTS = [second_agent_is_refused, notifications_and_a_clean_end, clean_end_while_a_meter_hangs, status_command]
