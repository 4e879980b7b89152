"""The M/M/1 in SimPy: an arrival process, a server process and a store between them, the faster of its two idioms."""

import random
import sys
import time

import simpy
from answer import answer

seed, customers = int(sys.argv[1]), int(sys.argv[2])
began = time.perf_counter()
env, stays = simpy.Environment(), []
line = simpy.Store(env)
gaps, demands = random.Random(2 * seed), random.Random(2 * seed + 1)


def arrivals():
    for _ in range(customers):
        yield env.timeout(gaps.expovariate(0.9))
        line.put(env.now)


def server():
    for _ in range(customers):
        came = yield line.get()
        yield env.timeout(demands.expovariate(1.0))
        stays.append(env.now - came)


env.process(arrivals())
env.process(server())
env.run()
seconds = time.perf_counter() - began
answer(seconds, 2 * customers, {"customer": stays})
