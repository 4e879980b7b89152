"""The mail cluster of `mail.toml` in SimPy: a process for each session, a resource for each server."""

import random
import sys
import time

import simpy
from answer import answer

WARM_UP, RTT = 100.0, 0.1
CPU, DISK = 0, 1
PROGRAMS = {
    "pop3": (45.0, [(3 * RTT, CPU, 0.010), (2 * RTT, CPU, 0.008), (0.0, DISK, 0.008)]),
    "smtp": (36.0, [(5 * RTT, CPU, 0.020), (0.0, DISK, 0.008)]),
}

seed, window = int(sys.argv[1]), float(sys.argv[2])
began = time.perf_counter()
env = simpy.Environment()
nodes = [[simpy.Resource(env), simpy.Resource(env)] for _ in range(2)]
chance = random.Random(seed)
responses = {name: [] for name in PROGRAMS}
events = 0


def session(name, node, steps):
    global events
    arrived = env.now
    for trips, server, mean in steps:
        if trips:
            yield env.timeout(trips)
            events += 1
        demand = chance.expovariate(1.0 / mean)
        with node[server].request() as request:
            yield request
            yield env.timeout(demand)
            events += 1
    if env.now >= WARM_UP:
        responses[name].append(env.now - arrived)


def arrivals(name, rate, steps):
    global events
    gaps, turn = random.Random(f"{seed} {name}"), 0
    while True:
        yield env.timeout(gaps.expovariate(rate))
        events += 1
        env.process(session(name, nodes[turn % 2], steps))
        turn += 1


for name, (rate, steps) in PROGRAMS.items():
    env.process(arrivals(name, rate, steps))
env.run(until=WARM_UP + window)
seconds = time.perf_counter() - began
answer(seconds, events, responses)
