//! Where theory has an exact answer, the whole program gives it: file → scenario → cluster → summary.
//!
//! Power of these tests: fixed seed, at least 30 replications. A row passes when it is within `t(R−1, 1−10⁻⁶)` standard
//! errors of the exact value (one false alarm in a million), and that bound is at most 2 % of the exact value.

use crate::support::{run, scenario};
use mxplan::analytic::{Resource, offered};
use mxplan::experiment::{Control, Execution, Record, Rule, Summary, replicate};
use mxplan::queueing::erlang::Mmc;
use mxplan::queueing::processor_sharing::mean_number_with_scaling;
use mxplan::scenario::Scenario;
use mxplan::stats::{CONFIDENCE, Estimate, mean_interval, share_interval, student_t};

const REPLICATIONS: u64 = 40;

/// A row of the exact values that the project ships.
pub(crate) fn exact(name: &str, params: &str, quantity: &str) -> f64 {
    let text = include_str!("../../scenarios/theory/exact_values.csv");
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let found =
        rows.records().map(Result::unwrap).find(|row| row[0] == *name && row[1] == *params && row[2] == *quantity);
    found.unwrap_or_else(|| panic!("no row {name} {params} {quantity}"))[3].parse().unwrap()
}

/// One comparison of an estimate from `replications` replications with the exact value.
#[track_caller]
pub(crate) fn assert_exact(what: &str, estimate: Estimate, exact: f64, replications: u64) {
    let (value, half) = (estimate.estimate.unwrap(), estimate.half_width().unwrap());
    let degrees = replications as usize - 1;
    let error = half / student_t(degrees, 0.5 + CONFIDENCE / 2.0);
    let bound = student_t(degrees, 1.0 - 1e-6) * error;
    println!(
        "{what}: {value:.6} against {exact:.6}, {:+.2} standard errors, power {:.2} %",
        (value - exact) / error,
        100.0 * bound / exact
    );
    assert!((value - exact).abs() <= bound, "{what}: {value} is not {exact} ± {bound}");
    assert!(bound <= 0.02 * exact, "{what}: a bound of {bound} would not see a fault of 2 % of {exact}");
}

fn response(summary: &Summary) -> &mxplan::experiment::Response {
    &summary.services["job"].response_s
}

#[test]
fn one_shared_core_has_the_mean_of_mm1_for_three_laws_of_demand() {
    let mean = exact("MG1_PS", "any service law mean=1;lambda=0.8", "mean_response_T") / 100.0;
    for law in ["{ exponential = { mean = \"10 ms\" } }", "\"10 ms\"", "{ lognormal = { mean = \"10 ms\", cv = 1.5 } }"]
    {
        let scenario = scenario("theory/mm1-ps.toml", &[&format!("service.job.operation.work.cpu={law}")]);
        assert_exact(law, response(&run(&scenario, REPLICATIONS)).mean, mean, REPLICATIONS);
    }
}

#[test]
fn one_core_in_order_has_mean_and_percentiles_of_mm1() {
    let summary = run(&scenario("theory/mm1-fcfs.toml", &[]), REPLICATIONS);
    let of = |quantity| exact("MM1", "lambda=0.8;mu=1", quantity) / 100.0;
    assert_exact("mean", response(&summary).mean, of("mean_response_T"), REPLICATIONS);
    assert_exact("p95", response(&summary).p95, of("p95_response"), REPLICATIONS);
    assert_exact("p99", response(&summary).p99, of("p99_response"), REPLICATIONS);
    let utilisation = summary.nodes["primary"].cpu_ratio;
    assert_exact("utilisation", utilisation, 0.8, REPLICATIONS);
}

#[test]
fn four_shared_cores_have_the_mean_of_mm4_for_three_laws_of_demand() {
    let params = "c=4 cores, each job <=1 core, equal share;offered_load=3.2;mean=1";
    let mean = exact("MGc_PS", params, "mean_response_T") / 100.0;
    for law in [
        "{ exponential = { mean = \"10 ms\" } }",
        "{ uniform = { low = \"0 ms\", high = \"20 ms\" } }",
        "{ hyperexponential = { mean = \"10 ms\", cv = 2.0 } }",
    ] {
        let scenario = scenario("theory/mm4-ps.toml", &[&format!("service.job.operation.work.cpu={law}")]);
        assert_exact(law, response(&run(&scenario, REPLICATIONS)).mean, mean, REPLICATIONS);
    }
}

#[test]
fn constant_work_in_order_has_mean_and_percentile_of_md1() {
    let summary = run(&scenario("theory/md1-fcfs.toml", &[]), REPLICATIONS);
    let wait = exact("MD1_FCFS", "D=1;lambda=0.8", "p95_wait");
    // Pollaczek-Khinchine: E[W] = λE[S²] / 2(1−ρ) = 2 service times.
    assert_exact("mean", response(&summary).mean, 0.03, REPLICATIONS);
    assert_exact("p95", response(&summary).p95, (1.0 + wait) / 100.0, REPLICATIONS);
}

#[test]
fn very_variable_work_in_order_has_the_mean_wait_of_mg1() {
    let law = "service.job.operation.work.cpu={ hyperexponential = { mean = \"10 ms\", cv = 2.0 } }";
    let summary = run(&scenario("theory/mm1-fcfs.toml", &["arrivals.job.rate=50 /s", law]), REPLICATIONS);
    // λE[S²] / 2(1−ρ) with E[S²] = 5: 2.5 service times, and the service.
    assert_exact("mean", response(&summary).mean, 0.035, REPLICATIONS);
}

#[test]
fn several_cores_in_order_have_mean_and_percentile_of_mmc() {
    for (cores, rate, window, params) in [
        (4, 320, 1_200, "c=4;offered_load=3.2;mu=1"),
        (2, 160, 4_000, "c=2;offered_load=1.6;mu=1"),
        (10, 800, 400, "c=10;offered_load=8;mu=1"),
    ] {
        let sets = [
            format!("tier.unit.cores={cores}"),
            format!("arrivals.job.rate={rate} /s"),
            format!("time.window={window} s"),
        ];
        let summary = run(&scenario("theory/mm4-fcfs.toml", &sets.each_ref().map(String::as_str)), REPLICATIONS);
        let mean = (1.0 + exact("MMc", params, "mean_wait_Wq")) / 100.0;
        assert_exact(params, response(&summary).mean, mean, REPLICATIONS);
        assert_exact(params, response(&summary).p95, exact("MMc", params, "p95_response") / 100.0, REPLICATIONS);
    }
}

#[test]
fn cores_that_do_not_scale_have_the_mean_of_their_birth_and_death() {
    let sets =
        ["tier.unit.contention=0.1", "tier.unit.coherency=0.02", "arrivals.job.rate=200 /s", "time.window=1500 s"];
    let scenario = scenario("theory/mm4-ps.toml", &sets);
    let number = mean_number_with_scaling(200.0, 0.01, 4, 0.1, 0.02).unwrap();
    let summary = run(&scenario, REPLICATIONS);
    assert_exact("mean", response(&summary).mean, number / 200.0, REPLICATIONS);
    let capacity = 4.0 / (1.0 + 0.3 + 0.24);
    assert_exact("utilisation", summary.nodes["primary"].cpu_ratio, 2.0 / capacity, REPLICATIONS);
}

#[test]
fn a_random_split_makes_independent_mm1_queues() {
    let summary = run(&scenario("theory/split.toml", &[]), REPLICATIONS);
    let of = |quantity| exact("MM1", "lambda=0.8;mu=1", quantity) / 100.0;
    assert_exact("mean", response(&summary).mean, of("mean_response_T"), REPLICATIONS);
    assert_exact("p95", response(&summary).p95, of("p95_response"), REPLICATIONS);
    for node in ["primary-1", "primary-2", "primary-3", "primary-4"] {
        assert_exact(node, summary.nodes[node].share_ratio, 0.25, REPLICATIONS);
    }
}

#[test]
fn taking_turns_makes_arrivals_smoother() {
    let summary = run(&scenario("theory/split.toml", &["routing.default.switch.algorithm=round-robin"]), REPLICATIONS);
    let of = |quantity| exact("RR_EkM1", "k=4 nodes round-robin;per-node rho=0.8;mu=1", quantity) / 100.0;
    assert_exact("mean", response(&summary).mean, of("mean_response_T"), REPLICATIONS);
    assert_exact("p95", response(&summary).p95, of("p95_response"), REPLICATIONS);
}

#[test]
fn people_who_have_one_session_at_a_time_load_a_server_as_the_repairman() {
    let summary = run(&scenario("theory/finite-source.toml", &[]), REPLICATIONS);
    let of = |quantity| exact("Repairman_MM1_N", "N=10;Z=9;S=1", quantity);
    let job = &summary.services["job"];
    assert_exact("throughput", job.throughput_per_s, of("throughput_X") * 100.0, REPLICATIONS);
    assert_exact("response", job.response_s.mean, of("response_R") / 100.0, REPLICATIONS);
}

/// The share of sessions that found no room.
fn refused(scenario: &Scenario) -> Estimate {
    let run = replicate(scenario, Rule::Count(REPLICATIONS), &Control::default(), Execution::InOrder).unwrap();
    let flows = run.records.iter().map(|record| record.observed.services[0].flow);
    share_interval(&flows.map(|flow| (flow.refused as f64, flow.began as f64)).collect::<Vec<_>>(), CONFIDENCE)
}

#[test]
fn connections_without_a_backlog_refuse_by_erlangs_loss_formula() {
    let blocking = exact("ErlangB", "c=10;offered_load=8", "blocking");
    assert_exact("constant", refused(&scenario("theory/loss.toml", &[])), blocking, REPLICATIONS);
}

#[test]
fn a_short_backlog_refuses_by_birth_and_death() {
    // Two cores and room for one more: M/M/2/3 with arrivals at 3/4 of the rate of one core.
    let sets = [
        "arrivals.job.rate=75 /s",
        "tier.unit.cores=2",
        "tier.unit.discipline=fcfs",
        "service.job.connections=3",
        "service.job.backlog=0",
        "time.window=2500 s",
    ];
    let loss = exact("MMcK", "lambda=3;mu=4;c=2;K=3", "loss_probability");
    assert_exact("M/M/2/3", refused(&scenario("theory/mm1-ps.toml", &sets)), loss, REPLICATIONS);
    // The same room, one place of it in the backlog: who waits there is served in its turn.
    let sets = sets.map(|set| match set {
        "service.job.connections=3" => "service.job.connections=2",
        "service.job.backlog=0" => "service.job.backlog=1",
        other => other,
    });
    assert_exact("M/M/2/3 by backlog", refused(&scenario("theory/mm1-ps.toml", &sets)), loss, REPLICATIONS);
}

#[test]
fn sessions_wait_for_workers_as_for_servers() {
    // Ten workers, held through a pure delay: M/D/10 with eight busy on average.
    let sets = ["service.call={ workers = 10, operation = { talk = { round_trips = 1 } } }", "time.window=2000 s"];
    let scenario = scenario("theory/loss.toml", &sets);
    let summary = run(&scenario, REPLICATIONS);
    let wait = exact("MDc", "c=10;D=1;lambda=8", "mean_wait_Wq");
    let response = summary.services["call"].response_s.mean;
    assert_exact("M/D/10", response, 0.1 * (1.0 + wait), REPLICATIONS);
    assert_exact("workers held", summary.nodes["primary"].workers_ratio["call"], 0.8, REPLICATIONS);
}

/// The mean number of jobs at a station.
fn mean_number(records: &[Record], node: usize, resource: Resource) -> Estimate {
    let numbers: Vec<f64> = records
        .iter()
        .map(|record| {
            let station = record.observed.nodes[node].stations[resource as usize].unwrap();
            station.number_ns as f64 / record.observed.window_ns as f64
        })
        .collect();
    mean_interval(&numbers, CONFIDENCE)
}

fn utilisation(records: &[Record], node: usize, resource: Resource) -> Estimate {
    let ratios: Vec<f64> = records
        .iter()
        .map(|record| {
            record.observed.nodes[node].stations[resource as usize].unwrap().utilisation(record.observed.window_ns)
        })
        .collect();
    mean_interval(&ratios, CONFIDENCE)
}

/// By hand, per second at one of the two front ends and at the store: (node, resource, servers, arrivals, mean service).
fn stations_by_hand() -> Vec<(usize, Resource, u32, f64, f64)> {
    let byte = 8.0 / 100e6;
    let (put, get) = (40e3 * byte, 60e3 * byte);
    let mut stations = Vec::new();
    for front in [0, 1] {
        // Put: 10 ms and 100 µs for each of 40 KB; get: 12 ms.
        stations.push((front, Resource::Cpu, 1, 50.0, (30.0 * 0.014 + 20.0 * 0.012) / 50.0));
        stations.push((front, Resource::Disk, 1, 30.0, 0.012));
        // Inwards: messages from clients, and messages from the store; outwards the other two.
        stations.push((front, Resource::LinkIn, 1, 50.0, (30.0 * put + 20.0 * get) / 50.0));
        stations.push((front, Resource::LinkOut, 1, 50.0, (30.0 * put + 20.0 * get) / 50.0));
    }
    // The store's cores have half the reference speed; get reads twice.
    stations.push((2, Resource::Cpu, 2, 100.0, 2.0 * (60.0 * 0.005 + 40.0 * 0.006) / 100.0));
    stations.push((2, Resource::Disk, 3, 60.0 + 80.0, 0.010));
    stations.push((2, Resource::LinkIn, 1, 60.0, put));
    stations.push((2, Resource::LinkOut, 1, 40.0, get));
    stations
}

#[test]
fn every_station_of_a_product_form_network_behaves_as_if_it_stood_alone() {
    let scenario = scenario("theory/network.toml", &[]);
    let run = replicate(&scenario, Rule::Count(REPLICATIONS), &Control::default(), Execution::InOrder).unwrap();
    let load = offered(&scenario);
    let mut total = 0.0;
    for (node, resource, servers, rate, service) in stations_by_hand() {
        let name = format!("{} of node {node}", resource.name());
        let alone = Mmc::new(rate, 1.0 / service, servers).unwrap();
        let expected = rate * service / f64::from(servers);
        let computed = load.station(node, resource).unwrap().utilisation;
        assert!((computed - expected).abs() < 1e-9, "{name}: `check` has {computed}, by hand it is {expected}");
        assert_exact(
            &format!("utilisation, {name}"),
            utilisation(&run.records, node, resource),
            expected,
            REPLICATIONS,
        );
        let number = mean_number(&run.records, node, resource);
        assert_exact(&format!("mean number, {name}"), number, alone.mean_number(), REPLICATIONS);
        total += alone.mean_number();
    }
    // And the client: round trips and its own line, which delay without queueing.
    let client = 60.0 * (2.0 * 0.020 + 40e3 * 8.0 / 10e6) + 40.0 * (0.020 + 60e3 * 8.0 / 10e6);
    let present: Vec<f64> = run
        .records
        .iter()
        .map(|record| record.observed.services[0].number_ns as f64 / record.observed.window_ns as f64)
        .collect();
    assert_exact("sessions", mean_interval(&present, CONFIDENCE), total + client, REPLICATIONS);
}

fn isp(users: u64, options: &[&str]) -> Scenario {
    let users = format!("population.subscribers.users={users}");
    let all: Vec<&str> = options.iter().copied().chain([users.as_str()]).collect();
    scenario("stand-alone.toml", &all)
}

#[test]
fn a_hundred_thousand_isp_users_hold_the_published_session_rates() {
    let scenario = isp(100_000, &[]);
    let rate = |name: &str| scenario.streams.iter().find(|stream| stream.name.ends_with(name)).unwrap().rate_per_s;
    let rates = ["submission", "inbound", "quiet-check", "eager-check"].map(rate);
    for (rate, published) in rates.into_iter().zip([8.33, 7.50, 4.17, 12.50]) {
        assert!((rate - published).abs() < 0.005, "{rates:?}");
    }
}

#[test]
fn the_users_of_a_published_result_load_their_processor_by_hand_by_check_and_by_simulation() {
    // One unit is a message a minute, of 200 users: 1.9 sessions in, 2 deposits, 0.9 sent on, 2 logins, 2 messages read.
    let units_per_s = 71_428.0 / 200.0 / 60.0;
    let by_hand: f64 = units_per_s * (1.9 * 25.0 + 2.0 * 10.0 + 0.9 * 20.0 + 2.0 * 15.0 + 2.0 * 12.0) / 1_000.0;
    assert!((by_hand - 0.83).abs() < 0.001, "{by_hand}");
    let scenario = isp(71_428, &["population.subscribers.domains=1"]);
    let computed = offered(&scenario).station(0, Resource::Cpu).unwrap().by_sessions;
    assert!((computed / by_hand - 1.0).abs() < 1e-3, "`check` has {computed}, by hand it is {by_hand}");
    let summary = run(&scenario, REPLICATIONS);
    // And the housekeeping of one domain: 20 ms a minute.
    let housekeeping = 0.020 / 60.0;
    assert_exact("CPU", summary.nodes["primary"].cpu_ratio, computed + housekeeping, REPLICATIONS);
}
