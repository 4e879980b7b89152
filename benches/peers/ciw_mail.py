"""The mail cluster of `mail.toml` in Ciw: a node without a limit for each delay, a node with one server for each CPU and disk.

Sessions in turn make the arrivals at each mail node an Erlang stream of two stages.
"""

import sys
import time

import ciw
from answer import answer

WARM_UP, RTT = 100.0, 0.1
LOGIN, FETCH, ACCEPT, CPUS, DISKS = 1, 2, 3, [4, 5], [6, 7]

seed, window = int(sys.argv[1]), float(sys.argv[2])
began = time.perf_counter()


class OfVisit(ciw.dists.Distribution):
    """Exponential, by how many visits a session has behind it."""

    def __init__(self, means):
        self.of = {visits: ciw.dists.Exponential(1.0 / mean) for visits, mean in means.items()}

    def sample(self, t=None, ind=None):
        return self.of[len(ind.data_records)].sample()


def along(places):
    # A copy for each, as Ciw takes the places out one by one.
    return ciw.routing.ProcessBased(lambda individual, simulation: list(places))


KINDS = {}
for node in range(2):
    KINDS[f"pop3 {node}"] = (45.0, LOGIN, [CPUS[node], FETCH, CPUS[node], DISKS[node]], {1: 0.010, 3: 0.008})
    KINDS[f"smtp {node}"] = (36.0, ACCEPT, [CPUS[node], DISKS[node]], {1: 0.020})

places = range(1, 8)
ciw.seed(seed)
network = ciw.create_network(
    arrival_distributions={
        kind: [ciw.dists.Erlang(rate, 2) if place == first else None for place in places]
        for kind, (rate, first, _, _) in KINDS.items()
    },
    service_distributions={
        kind: [
            *(ciw.dists.Deterministic(trips * RTT) for trips in (3, 2, 5)),
            *(OfVisit(means) for _ in CPUS),
            *(ciw.dists.Exponential(1.0 / 0.008) for _ in DISKS),
        ]
        for kind, (_, _, _, means) in KINDS.items()
    },
    number_of_servers=[float("inf")] * 3 + [1] * 4,
    routing={kind: along(steps) for kind, (_, _, steps, _) in KINDS.items()},
)
simulation = ciw.Simulation(network)
simulation.simulate_until_max_time(WARM_UP + window)
spans, visits = {}, 0
for record in simulation.get_all_records():
    name, came, went = spans.get(record.id_number, (record.customer_class.split()[0], record.arrival_date, 0.0))
    left = record.node in DISKS
    spans[record.id_number] = (name, min(came, record.arrival_date), record.exit_date if left else went)
    visits += 1
responses = {"pop3": [], "smtp": []}
for name, came, went in spans.values():
    if went >= WARM_UP:
        responses[name].append(went - came)
seconds = time.perf_counter() - began
answer(seconds, visits + len(spans), responses)
