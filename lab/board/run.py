"""The virtual board's scenarios. Usage: run.py IMAGE walk|power|latency|soak [NAME-OF-ONE …]   EDGE_AGENT_SEED repeats a run."""
import os
import random
import sys

import latency
import power
import soak
import tap
import walk_clock
import walk_hang
import walk_home
import walk_lines


def main():
    image, what, wanted = sys.argv[1], sys.argv[2], sys.argv[3:]
    seed = int(os.environ.get("EDGE_AGENT_SEED") or random.randrange(1 << 32))
    groups = {
        "walk": [({}, walk_home.SCENARIOS), ({}, walk_lines.SCENARIOS), ({}, walk_hang.SCENARIOS),
                 (walk_clock.OPTIONS, walk_clock.SCENARIOS), ({"nice": 5}, power.scenarios(3))],
        "power": [({"nice": 5}, power.scenarios())],
        "latency": [({"home": latency.HOME}, latency.SCENARIOS)],
        "soak": [({"home": soak.HOME}, soak.SCENARIOS)],
    }[what]
    # The first of a group boots its board: it always runs.
    groups = [(options, [s for n, s in enumerate(scenarios) if n == 0 or not wanted or s.__name__ in wanted])
              for options, scenarios in groups
              if not wanted or any(s.__name__ in wanted for s in scenarios)]
    return tap.run(groups, image, seed)


sys.exit(main())
