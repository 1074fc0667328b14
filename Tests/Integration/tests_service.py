"""The daemon as a service: start, notifications, stop, status."""
import os
import signal
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


def crash_loop_ends_in_safe_mode(bench):
    """Five ends that nobody asked for: the sixth run reads no meter, sounds for smoke, says so, and tries again later."""
    port = bench.meters_tcp()
    config = bench.write("home.toml", homes.home(homes.tcp_bus(port), homes.METERS, homes.RULES))
    for life in range(5):
        agent = bench.agent(config, name=f"life-{life}")
        status = wait_for("the daemon", bench.status)
        check(not any("safe mode" in fault for fault in status["faults"]), f"safe mode after {life} ends")
        agent.end(how=signal.SIGKILL)
    # An hour of safe mode in six seconds of ours.
    agent = bench.agent(config, "--speed", "600", name="safe", env={"WATCHDOG_USEC": "1000000"})
    status = wait_for("safe mode", lambda: (s := bench.status()) and s["faults"] and s)
    check(any(fault.startswith("safe mode: no meter is read") for fault in status["faults"]), f"{status['faults']}")
    check(status["buses"] == [], f"a bus is read: {status['buses']}")
    bench.ask("line SMOKE 1")
    wait_for("the siren", lambda: bench.status()["sound"] == "alarm")
    check(agent.child.poll() is None, "the agent ended while there was smoke")
    bench.ask("line SMOKE 0")
    agent.end(how=signal.SIGKILL)

    agent = bench.agent(config, "--speed", "600", name="quiet", env={"WATCHDOG_USEC": "1000000"})
    # Smoke that nobody accepted is latched, and keeps the agent from ending itself.
    wait_for("the alarm of the run before", lambda: (s := bench.status()) and s["alerts"])
    agent.end()
    check(not (bench.folder / "run" / "ends").exists(), "a planned end is remembered as a crash")


def safe_mode_ends_by_itself(bench):
    """After an hour without another end the agent stops as if asked to, and the next run is a normal one."""
    now = int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000)
    (bench.folder / "run" / "ends").write_text("".join(f"ended {now - 1000} normal\n" for _ in range(5)))
    config = bench.write("home.toml", homes.home())
    agent = bench.agent(config, "--speed", "3000", env={"WATCHDOG_USEC": "1000000"})
    wait_for("the end", lambda: agent.child.poll() is not None)
    check(agent.child.returncode == 0, f"exit code {agent.child.returncode}")
    check("starting again as usual" in agent.text(), "it does not say why it ended")
    bench.agent(config, name="next")
    check(not wait_for("the daemon", bench.status)["faults"], "the next run is in safe mode, too")


def ready_within_a_tenth_of_a_second(bench):
    """From exec to READY=1, twenty times; the fastest half is what the program needs, the rest is the machine."""
    config = bench.write("home.toml", homes.home(homes.tcp_bus(bench.meters_tcp()), homes.METERS, homes.RULES))
    address = bench.folder / "notify"
    took = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind(str(address))
        notify.settimeout(10)
        for life in range(20):
            began = time.monotonic()
            agent = bench.agent(config, name=f"start-{life}", env={"NOTIFY_SOCKET": str(address)})
            check(notify.recv(100) == b"READY=1", "the first notification is not READY=1")
            took.append((time.monotonic() - began) * 1000)
            agent.end()
            check(notify.recv(100) == b"STOPPING=1", "no farewell")
    took.sort()
    figures = f"median {took[10]:.0f} ms, fastest {took[0]:.0f}, slowest {took[-1]:.0f}"
    check(took[10] <= 100, f"ready too late: {figures}")
    return figures


TESTS = [crash_loop_ends_in_safe_mode, safe_mode_ends_by_itself, ready_within_a_tenth_of_a_second, second_agent_is_refused, notifications_and_a_clean_end, clean_end_while_a_meter_hangs, status_command]

# Measures what the machine can do.
ALONE = [ready_within_a_tenth_of_a_second]
