"""The release binary against real peers. Prints a line a test and, at the end, 'N passed, N failed'."""
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
import tests_language
import tests_installing
import tests_main_job
import tests_self_test
import tests_service
import tests_support
from peers import Bench, Failed


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
    passed = failed = 0
    for test in tests:
        if wanted and test.__name__ not in wanted:
            continue
        folder = pathlib.Path(tempfile.mkdtemp(prefix="edge-"))
        bench = Bench(binary, folder / "t")
        began = time.monotonic()
        try:
            remark = test(bench)
            passed += 1
            print(f"ok    {test.__name__} ({time.monotonic() - began:.1f} s){': ' + remark if remark else ''}", flush=True)
        except Exception as error:
            failed += 1
            print(f"FAIL  {test.__name__}: {error}", flush=True)
            if not isinstance(error, Failed):
                traceback.print_exc(file=sys.stdout)
            for child in bench.children:
                print(f"--- {child.name}, exit {child.child.poll()}\n{child.text()[-3000:]}", flush=True)
        finally:
            bench.close()
            shutil.rmtree(folder, ignore_errors=True)
    print(f"integration: {passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
