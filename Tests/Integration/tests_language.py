"""What a Chinese installer reads: LC_ALL says so, nothing else does."""
import json
import os
import re

import homes
from peers import wait_for
from tests_installer import places
from tests_main_job import check


def chinese(bench):
    return {**places(bench), "LC_ALL": "zh_CN.UTF-8", "NO_COLOR": "1"}


def leftover(text):
    """Three English words beside each other, outside of what is quoted."""
    found = re.search(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b", re.sub(r"`[^`]*`|\"[^\"]*\"", "", text))
    return found.group() if found else None


def is_chinese(text, *sentences):
    for sentence in sentences:
        check(sentence in text, f"not said: {sentence}\n{text}")
    check(leftover(text) is None, f"English is left: {leftover(text)}\n{text}")


def what_an_installer_reads_is_chinese(bench):
    """A configuration with an error, a running daemon, a port that is not there, help and wrong usage."""
    env = chinese(bench)
    broken = bench.write("broken.toml", homes.home(homes.rtu_bus("/dev/ttyUSB9"), homes.METERS).replace("baud", "bauds"))
    done = bench.run("check-config", broken, env=env)
    check(done.returncode == 1, f"exit code {done.returncode}")
    is_chinese(done.stdout, "错误 E102", '没有键 "bauds"', '建议：是否想写 "baud"？可用的键：')
    is_chinese(done.stderr, "不正确，1 个错误")
    # What programs read is the same in every language, unless they ask for one.
    english = bench.run("check-config", broken, "--json", env={**env, "LC_ALL": "C"}).stdout
    check(bench.run("check-config", broken, "--json", env=env).stdout == english, "JSON changes with the locale")
    asked = json.loads(bench.run("check-config", broken, "--json", "--language", "zh", env=env).stdout)
    check('没有键 "bauds"' in asked["errors"][0]["message"], f"asked for Chinese: {asked['errors'][0]}")
    back = bench.run("check-config", broken, "--language", "en", env=env)
    check("[[bus]] has no key" in back.stdout, f"asked for English: {back.stdout}")

    none = bench.run("status", env=env)
    check(none.returncode == 4, f"exit code {none.returncode}")
    is_chinese(none.stderr, "没有守护进程应答", "建议：它在运行吗？")
    config = bench.write("home.toml", homes.home(homes.tcp_bus(bench.meters_tcp()), homes.METERS))
    bench.agent(config)
    wait_for("a first reading", lambda: (s := bench.status()) and any(
        s["name"] == "power.energy" and s.get("value") for s in s["signals"]))
    is_chinese(bench.run("status", env=env).stdout, "信号", "规则", "待发送：", "服务器：未配置")
    refused = bench.run("away", "--for", "3x", env=env)
    check(refused.returncode == 2, f"exit code {refused.returncode}")
    is_chinese(refused.stderr, '错误："3x" 不是时长')

    nobody = bench.run("scan", "--port", bench.folder / "ttyNone", env=env)
    check(nobody.returncode == 4, f"exit code {nobody.returncode}")
    is_chinese(nobody.stderr, "提前结束：总线", "没有该文件或目录", "建议：请插好转换器")
    for command in ([], ["scan"], ["read"], ["self-test"], ["status"], ["run"]):
        done = bench.run(*command, "--help", env=env)
        check(done.returncode == 0, f"exit code {done.returncode}")
        is_chinese(done.stdout, "概述：", "用法：edge-agent", "选项：", "显示帮助。")
    wrong = bench.run("status", "--bogus", env=env)
    check(wrong.returncode == 2, f"exit code {wrong.returncode}")
    is_chinese(wrong.stderr, "错误：未知选项 '--bogus'", "更多信息见 'edge-agent status --help'。")
    script = bench.run("--generate-completion-script", "bash", env=env).stdout
    check(script.startswith("#!/bin/bash") and leftover(script) is not None, "a completion script is no text to translate")


TESTS = [what_an_installer_reads_is_chinese]
