"""The M/M/1 in Ciw, which keeps a record of every visit."""

import sys
import time

import ciw
from answer import answer

seed, customers = int(sys.argv[1]), int(sys.argv[2])
began = time.perf_counter()
ciw.seed(seed)
network = ciw.create_network(
    arrival_distributions=[ciw.dists.Exponential(0.9)],
    service_distributions=[ciw.dists.Exponential(1.0)],
    number_of_servers=[1],
)
simulation = ciw.Simulation(network)
simulation.simulate_until_max_customers(customers)
stays = [record.exit_date - record.arrival_date for record in simulation.get_all_records()]
seconds = time.perf_counter() - began
answer(seconds, 2 * len(stays), {"customer": stays})
