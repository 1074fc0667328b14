"""The installer's commands, beside the running daemon and without it."""
import json
import os
import signal

import homes
from peers import wait_for
from tests_main_job import check


def places(bench):
    return {**os.environ, "RUNTIME_DIRECTORY": str(bench.folder / "run")}


def meters_rtu(bench):
    """A line whose meters answer already: a scan asks each unit only once."""
    tty = bench.meters_rtu()
    probe = ["read", "--port", tty, "--unit", "5", "--table", "holding", "--timeout", "100ms"]
    wait_for("the meters on the line", lambda: bench.run(*probe, env=places(bench)).returncode == 0)
    return tty


def newest(bench, signal):
    """The age of what is known of a signal, in seconds."""
    return next(s["ageSeconds"] for s in bench.status()["signals"] if s["name"] == signal)


def scanned(done):
    return {(meter.get("baud"), meter["unit"]): meter.get("profile") for meter in json.loads(done.stdout)["meters"]}


def read_without_a_daemon(bench):
    """A profile over TCP, bare registers over RTU, and what cannot be read."""
    port = bench.meters_tcp()
    done = bench.run("read", "--tcp", f"127.0.0.1:{port}", "--unit", "6", "--profile", "eastron-sdm120", "--json", env=places(bench))
    check(done.returncode == 0, f"exit code {done.returncode}: {done.stdout}{done.stderr}")
    values = {register["name"]: register["value"] for register in json.loads(done.stdout)["registers"]}
    check(values["energy"] == "3178.250 kWh" and values["voltage"] == "231.5 V", f"read {values}")
    tty = meters_rtu(bench)
    options = ["--port", tty, "--unit", "5", "--table", "holding", "--address", "0x0"]
    done = bench.run("read", *options, "--count", "2", "--type", "u32", "--raw", env=places(bench))
    check(done.returncode == 0 and "412345" in done.stdout, f"exit code {done.returncode}: {done.stdout}{done.stderr}")
    check("05 03 00 00 00 02" in done.stdout and "asks unit 5 for 2 holding registers" in done.stdout, f"no frame: {done.stdout}")
    # The water meter has sixteen registers.
    done = bench.run("read", *options, "--count", "20", env=places(bench))
    check(done.returncode == 3 and "exception 2 (illegal data address)" in done.stdout, f"{done.returncode}: {done.stdout}")
    check("advice" not in done.stderr, f"an address of a manual, although it is none: {done.stderr}")
    bare = bench.run("read", *options, "--count", "2", "--type", "u32", "--json", env=places(bench))
    check(json.loads(bare.stdout)["registers"][0]["value"] == 412345, f"no number: {bare.stdout}")
    manual = bench.run("read", *options[:-1], "40001", env=places(bench))
    check(manual.returncode == 1 and "--table holding --address 0" in manual.stderr, f"{manual.returncode}: {manual.stderr}")
    manual = bench.run("read", *options[:-1], "400001", env=places(bench))
    check(manual.returncode == 2 and "--table holding --address 0" in manual.stderr, f"{manual.returncode}: {manual.stderr}")
    nobody = bench.run("read", "--port", bench.folder / "ttyNone", *options[2:], env=places(bench))
    check(nobody.returncode == 4 and "advice" in nobody.stderr, f"{nobody.returncode}: {nobody.stderr}")
    lost = bench.run("read", "water", "--config", bench.folder / "none.toml", "--json", env=places(bench))
    check(lost.returncode == 4 and "check-config" in json.loads(lost.stdout)["advice"], f"{lost.returncode}: {lost.stdout}")
    wrong = bench.run("read", "--port", tty, env=places(bench))
    check(wrong.returncode == 2, f"wrong usage: exit code {wrong.returncode}")


def read_beside_the_daemon(bench):
    """The daemon has the port; a configured meter is read through it, bare registers while the port is borrowed."""
    tty = meters_rtu(bench)
    config = bench.write("home.toml", homes.home(homes.rtu_bus(tty), homes.METERS))
    bench.agent(config)
    wait_for("a first reading", lambda: (s := bench.status()) and any(
        s["name"] == "power.energy" and s.get("value") for s in s["signals"]))
    done = bench.run("read", "power", "--config", config, "--json", env=places(bench))
    check(done.returncode == 0, f"exit code {done.returncode}: {done.stdout}{done.stderr}")
    values = {register["name"]: register["value"] for register in json.loads(done.stdout)["registers"]}
    check(values["power.power"] == "287.5 W", f"read {values}")
    done = bench.run("read", "--port", tty, "--unit", "5", "--table", "holding", "--count", "2", "--type", "u32", env=places(bench))
    check(done.returncode == 0 and "412345" in done.stdout, f"exit code {done.returncode}: {done.stdout}{done.stderr}")
    unknown = bench.run("read", "powr", "--config", config, env=places(bench))
    check(unknown.returncode == 2 and 'did you mean "power"' in unknown.stderr, f"{unknown.returncode}: {unknown.stderr}")
    wait_for("polls to go on", lambda: newest(bench, "power.power") <= 1)
    check(bench.status()["faults"] == [], f"faults: {bench.status()['faults']}")


def scan_without_a_daemon(bench):
    """pymodbus knows no line settings, so one of them is scanned; what is printed is a configuration."""
    tty = meters_rtu(bench)
    options = ["scan", "--port", tty, "--bauds", "9600", "--parities", "none", "--units", "5,6"]
    done = bench.run(*options, "--json", env=places(bench))
    check(scanned(done) == {(9600, 5): None, (9600, 6): "eastron-sdm120"}, f"found {done.stdout}{done.stderr}")
    check(done.returncode == 1, f"a meter without a profile: exit code {done.returncode}")
    done = bench.run(*options, env=places(bench))
    check("holding 0 to 9: 0x0006 0x4AB9" in done.stdout, f"no raw answers: {done.stdout}")
    config = bench.write("found.toml", homes.head() + done.stdout)
    good = bench.run("check-config", config)
    check(good.returncode == 0, f"what scan printed is no configuration: {good.stdout}{good.stderr}")
    check("edge-agent self-test --tap" in done.stdout, f"nothing to do next: {done.stdout}")
    nobody = bench.run("scan", "--port", bench.folder / "ttyNone", "--json", env=places(bench))
    check(nobody.returncode == 4 and "advice" in nobody.stderr, f"{nobody.returncode}: {nobody.stderr}")
    check("ttyNone" in json.loads(nobody.stdout)["error"], f"said {nobody.stdout}")
    lost = bench.run("scan", "--bus", "meters", "--config", bench.folder / "none.toml", "--json", env=places(bench))
    check(lost.returncode == 4 and json.loads(lost.stdout)["error"], f"{lost.returncode}: {lost.stdout}")


def scan_beside_the_daemon(bench):
    """The port is lent, which is no fault of its meters; afterwards they are polled again."""
    tty = meters_rtu(bench)
    config = bench.write("home.toml", homes.home(homes.rtu_bus(tty), homes.METERS))
    bench.agent(config)
    wait_for("a first reading", lambda: (s := bench.status()) and any(
        s["name"] == "power.energy" and s.get("value") for s in s["signals"]))
    scan = bench.start("scan", [
        bench.binary, "scan", "--bus", "meters", "--config", config, "--units", "1-16", "--json"], env=places(bench),
        stdout_lines=True)
    wait_for("the port to be lent", lambda: bench.status()["buses"][0]["isLent"])
    found = {meter["unit"]: meter.get("profile") for meter in json.loads(scan.lines.get(timeout=60))["meters"]}
    check(found == {5: None, 6: "eastron-sdm120"}, f"found {found}")
    check(scan.child.wait(5) == 0, f"both are configured: exit code {scan.child.returncode}")
    wait_for("the port to be given back", lambda: not bench.status()["buses"][0]["isLent"])
    wait_for("polls to go on", lambda: newest(bench, "power.power") <= 1)
    check(bench.status()["faults"] == [], f"faults: {bench.status()['faults']}")


def scan_ended_by_ctrl_c(bench):
    """What was found is printed, and the exit code says that it was not everything."""
    tty = meters_rtu(bench)
    scan = bench.start("scan", [
        bench.binary, "scan", "--port", tty, "--units", "6,8-247", "--bauds", "9600", "--parities", "none",
        "--timeout", "500ms", "--json"],
        env=places(bench), stdout_lines=True)
    wait_for("a meter to be found", lambda: "1 found" in scan.text())
    scan.child.send_signal(signal.SIGINT)
    result = json.loads(scan.lines.get(timeout=30))
    check([meter["unit"] for meter in result["meters"]] == [6] and not result["complete"], f"printed {result}")
    check(scan.child.wait(5) == 3, f"exit code {scan.child.returncode}")
    check("ended early" in scan.text(), f"said {scan.text()}")


TESTS = [
    read_without_a_daemon, read_beside_the_daemon, scan_without_a_daemon, scan_beside_the_daemon, scan_ended_by_ctrl_c,
]
