"""The release binary against real peers. Prints a line a test and, at the end, 'N passed, N failed'."""
import concurrent.futures
import os
import pathlib
import shutil
import sys
import tempfile
import time
import traceback

import tests_bad_input
import tests_cloud
import tests_commands
import tests_contract
import tests_draw
import tests_guided
import tests_installer
import tests_installing
import tests_language
import tests_main_job
import tests_self_test
import tests_service
import tests_support
from peers import Bench, Failed

# They wait for meters, timers and brokers, not for a processor.
AT_ONCE = 3


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    wanted = sys.argv[2:]
    # Whoever runs this may speak Chinese.
    os.environ["LC_ALL"] = "C.UTF-8"
    modules = (tests_contract, tests_cloud, tests_main_job, tests_commands, tests_service, tests_bad_input, tests_installer,
               tests_self_test, tests_guided, tests_draw, tests_support, tests_installing, tests_language)
    tests = [test for module in modules for test in module.TESTS]
    unknown = [name for name in wanted if name not in [test.__name__ for test in tests]]
    if unknown:
        print(f"no test is called {', '.join(unknown)}; there are: {', '.join(t.__name__ for t in tests)}")
        return 2
    chosen = [test for test in tests if not wanted or test.__name__ in wanted]
    # What measures how fast it is runs before all others, by itself.
    outcomes = [run(test, binary) for test in chosen if test in tests_service.ALONE]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        outcomes += pool.map(lambda test: run(test, binary), [t for t in chosen if t not in tests_service.ALONE])
    passed = sum(outcomes)
    print(f"integration: {passed} passed, {len(outcomes) - passed} failed")
    return 0 if outcomes and passed == len(outcomes) else 1


def run(test, binary):
    """One test with a bench of its own; True if it is good."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="edge-"))
    bench = Bench(binary, folder / "t")
    began = time.monotonic()
    try:
        remark = test(bench)
        tell(f"ok    {test.__name__} ({time.monotonic() - began:.1f} s){': ' + remark if remark else ''}")
        return True
    except Exception as error:
        text = [f"FAIL  {test.__name__}: {error}"]
        if not isinstance(error, Failed):
            text.append(traceback.format_exc())
        text += [f"--- {child.name}, exit {child.child.poll()}\n{child.text()[-3000:]}" for child in bench.children]
        tell("\n".join(text))
        return False
    finally:
        bench.close()
        shutil.rmtree(folder, ignore_errors=True)


def tell(text):
    """In one piece, whoever else has something to say."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


sys.exit(main())
