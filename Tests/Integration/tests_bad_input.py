"""Bad input: a clear message with advice, the right exit code, and nothing stored is lost."""
import contextlib
import os
import shutil
import signal
import subprocess

import homes
from peers import wait_for
from tests_main_job import alert, check


def unreadable_configuration(bench):
    for command in (["run", "--config"], ["check-config"]):
        done = bench.run(*command, bench.folder / "nowhere.toml")
        check(done.returncode == 4, f"{command[0]}: exit code {done.returncode}")
        said = done.stdout + done.stderr
        check("nowhere.toml" in said and "advice" in said, f"{command[0]} says: {said}")


def contradictory_configuration(bench):
    """Every error at once, with file, line and advice; `run` does not start."""
    text = homes.home(homes.tcp_bus(502), homes.METERS.replace('bus = "meters"', 'bus = "metres"'), homes.RULES.replace(
        'signal = "water.volume"', 'signal = "water.volum"'))
    config = bench.write("home.toml", text)
    done = bench.run("check-config", config)
    check(done.returncode == 1, f"check-config: exit code {done.returncode}")
    for part in ("metres", "water.volum", "home.toml:", "advice"):
        check(part in done.stdout + done.stderr, f"check-config does not say {part}: {done.stdout}{done.stderr}")
    done = bench.run("run", "--config", config)
    check(done.returncode == 4, f"run: exit code {done.returncode}")
    check("metres" in done.stderr and "water.volum" in done.stderr, f"run says: {done.stderr}")
    check(bench.run("run", "--no-such-option").returncode == 2, "wrong usage does not exit with 2")


def missing_port(bench):
    """A serial port that is not there: said once, with advice; lines and rules go on."""
    config = bench.write("home.toml", homes.home(homes.rtu_bus(bench.folder / "ttyNone"), homes.METERS, homes.RULES))
    agent = bench.agent(config)
    wait_for("the fault", lambda: (s := bench.status()) and any("ttyNone" in fault for fault in s["faults"]))
    wait_for("a message in the log", lambda: "ttyNone" in agent.text())
    bench.ask("line SMOKE 1")
    wait_for("smoke all the same", lambda: bench.status()["sound"] == "alarm")


def wrong_broker_password(bench):
    broker = bench.broker(password=("hub", "right"))
    secret = bench.write("secret", "wrong\n")
    config = bench.write("home.toml", homes.home(up=homes.upstream(
        f"mqtt://127.0.0.1:{broker.port}", f'user = "hub"\npassword-file = "{secret}"\n')))
    agent = bench.agent(config)
    wait_for("the refusal in the log", lambda: "password" in agent.text())
    check("password-file" in agent.text(), f"no advice: {agent.text()}")
    bench.ask("line PANIC 1")
    wait_for("the siren all the same", lambda: bench.status()["sound"] == "alarm")
    wait_for("the alarm in the outbox", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) >= 1)


@contextlib.contextmanager
def small_disk(bench, size):
    """A file system of its own; None where none can be mounted."""
    small = bench.folder / "small"
    small.mkdir()
    mounted = os.getuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", small], capture_output=True).returncode == 0
    try:
        yield small if mounted else None
    finally:
        for child in bench.children:
            if child.child.poll() is None:
                child.child.kill()
                child.child.wait()
        if mounted:
            subprocess.run(["umount", small], check=True)


def fill(disk):
    with open(disk / "filler", "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 4096)
        except OSError:
            pass


def disk_filled_by_others(bench):
    """The space for alarms is ours: one is committed on a disk without a free byte, and outlives the agent."""
    with small_disk(bench, "16m") as small:
        if small is None:
            return "skipped: no file system can be mounted here"
        config = bench.write("home.toml", homes.home())
        place = {"STATE_DIRECTORY": str(small)}
        agent = bench.agent(config, env=place)
        wait_for("the daemon", bench.status)
        fill(small)
        bench.ask("line SMOKE 1")
        wait_for("the alarm on disk", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == 1)
        agent.end(signal.SIGKILL)
        bench.agent(config, env=place, name="second")
        wait_for("it, in the next life", lambda: (s := bench.status()) and s["upstream"]["waiting"].get("alarm", 0) == 1)
        check(not bench.status()["faults"], f"faults: {bench.status()['faults']}")


def full_disk(bench):
    """Too small to set space aside, and full: alarms go out from memory, the fault is said, and ends by itself."""
    with small_disk(bench, "2m") as small:
        if small is None:
            return "skipped: no file system can be mounted here"

        def faults():
            return [fault for fault in bench.status()["faults"] if "aside" not in fault]
        broker = bench.broker()
        url = f"mqtt://127.0.0.1:{broker.port}"
        config = bench.write("home.toml", homes.home(up=homes.upstream(url)))
        place = {"STATE_DIRECTORY": str(small)}
        agent = bench.agent(config, env=place)
        wait_for("the connection", lambda: (s := bench.status()) and s["upstream"]["isConnected"])
        bench.ask("line PANIC 1")
        wait_for("the first alarm on disk", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) >= 1)
        check("aside" in agent.text(), f"nobody said that there is no space for alarms: {agent.text()}")
        fill(small)
        bench.ask("line SMOKE 1")
        wait_for("the siren", lambda: bench.status()["sound"] == "alarm")
        wait_for("the fault", faults)
        check("full" in agent.text() or "space" in agent.text(), f"the log does not say that the disk is full: {agent.text()}")
        listener = bench.listener(url, "--acknowledge")
        for rule in ("panic", "smoke.kitchen"):
            listener.first(f"{rule}, also from memory", alert("raised", rule))
        (small / "filler").unlink()
        wait_for("the fault to end by itself", lambda: not faults())
        bench.ask("line PANIC 0")
        bench.ask("line SMOKE 0")
        check(agent.end() == 0, "not a clean end")


def damaged_database(bench):
    """Set aside, said, and the agent runs and sounds the siren; also where damage is in the middle."""
    broker = bench.broker()
    url = f"mqtt://127.0.0.1:{broker.port}"
    config = bench.write("home.toml", homes.home(up=homes.upstream(url)))
    for place in ("header", "middle"):
        agent = bench.agent(config, name=f"before-{place}")
        wait_for("the daemon", bench.status)
        bench.ask("line PANIC 1")
        wait_for("the alarm on disk", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) >= 1)
        check(agent.end() == 0, "not a clean end")
        database = max((bench.folder / "state").glob("*.db"), key=lambda file: file.stat().st_mtime)
        bytes_ = bytearray(database.read_bytes())
        # The file is longer than what it holds, which its header says.
        used = int.from_bytes(bytes_[28:32], "big") * 1024
        at = 0 if place == "header" else used // 2
        bytes_[at : at + 512] = os.urandom(512) if place == "header" else b"\xff" * 512
        if place == "middle":
            bytes_[at + 512 : used] = b"\x5a" * (used - at - 512)
        database.write_bytes(bytes_)
        agent = bench.agent(config, name=f"after-{place}")
        wait_for("the daemon", lambda: bench.status() if agent.child.poll() is None else None)
        bench.ask("line SMOKE 1")
        wait_for("the siren", lambda: bench.status()["sound"] == "alarm")
        wait_for("the message", lambda: "damaged" in agent.text() or "set aside" in agent.text())
        asides = [file for file in (bench.folder / "state").iterdir() if "damaged" in file.name]
        check(asides, f"nothing was set aside: {list((bench.folder / 'state').iterdir())}")
        check(agent.end() == 0, "not a clean end")
        shutil.rmtree(bench.folder / "state")
        (bench.folder / "state").mkdir()


def no_disk_at_all(bench):
    """A state directory that cannot be written: from memory, with a fault that says so."""
    config = bench.write("home.toml", homes.home())
    agent = bench.agent(config, env={"STATE_DIRECTORY": "/proc/nowhere"})
    wait_for("the fault", lambda: (s := bench.status()) and any("/proc/nowhere" in fault for fault in s["faults"]))
    bench.ask("line SMOKE 1")
    wait_for("the siren", lambda: bench.status()["sound"] == "alarm")
    check(agent.end() == 0, "not a clean end")


def killed_between_commit_and_send(bench):
    """SIGKILL with an alarm in the outbox: the next life still has it, once, and the alert is still open."""
    config = bench.write("home.toml", homes.home())
    agent = bench.agent(config, name="first")
    wait_for("the daemon", bench.status)
    bench.ask("line SMOKE 1")
    wait_for("the alarm on disk", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == 1)
    before = wait_for("the alert", lambda: bench.status()["alerts"])[0]["id"]
    agent.end(signal.SIGKILL)
    bench.agent(config, name="second")
    status = wait_for("the next life", lambda: (s := bench.status()) and s["signals"] and s["alerts"] and s)
    check([a["id"] for a in status["alerts"]] == [before], f"{before} became {status['alerts']}")
    wait_for("one record", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == 1)
    wait_for("the siren of the alert that is still open", lambda: bench.status()["sound"] == "alarm")
    shown = bench.run("status", env={**os.environ, "RUNTIME_DIRECTORY": str(bench.folder / "run")}).stdout
    check("Open" in shown and "smoke.kitchen raised" in shown, f"status does not show the open alert: {shown}")


def database_deleted_while_running(bench):
    """Missed within seconds, said, and the alarm that waited is on disk again."""
    config = bench.write("home.toml", homes.home())
    agent = bench.agent(config, name="first")
    wait_for("the daemon", bench.status)
    bench.ask("line panic 1")
    wait_for("the alarm on disk", lambda: bench.status()["upstream"]["waiting"].get("alarm", 0) == 1)
    for file in (bench.folder / "state").iterdir():
        file.unlink()
    wait_for("the message", lambda: "deleted" in agent.text())
    agent.end(signal.SIGKILL)
    bench.agent(config, name="second")
    wait_for("the alarm, in the next life", lambda: (s := bench.status()) and s["upstream"]["waiting"].get("alarm", 0) == 1)
    wait_for("the siren", lambda: bench.status()["sound"] == "alarm")


TESTS = [
    unreadable_configuration, contradictory_configuration, missing_port, wrong_broker_password, disk_filled_by_others, full_disk,
    damaged_database, no_disk_at_all, killed_between_commit_and_send, database_deleted_while_running,
]
