//! What can be said about a wrong scenario: for each slip the message and the place that it names.

/// A scenario in which every room of the resolver has something to do. The line numbers below are its own.
pub(super) const BASE: &str = r#"format = 1
name = "base"
[time]
window = "100 s"
[arrivals.job]
service = "job"
rate = "5 /s"
[service.job.operation.work]
cpu = { exponential = { mean = "10 ms" } }
[tier.unit]
cores = 1
speed = 1.0
[cluster]
configuration = "stand-alone"
[node.primary]
tier = "unit"
[level.fast]
service = "job"
share = "95 %"
under = "1 s"
[plan]
tiers = ["unit"]
"#;

/// A text of the scenario, what stands there instead, the message, and the place with line and column.
pub(super) const FILE: &[(&str, &str, &str, &str)] = &[
    ("format = 1", "format = 2", "`format` is `2`; this program reads format 1", "x.toml:1:10"),
    ("format = 1\n", "", "the key `format` is missing; write it in this table", "x.toml:1:1"),
    ("name = \"base\"", "name = base", "", "x.toml:2:8"),
    ("name = ", "nmae = ", "unknown key `nmae`; did you mean `name`?", "x.toml:2:1"),
    ("window", "widnow", "unknown key `widnow`; did you mean `window`?", "x.toml:4:1"),
    (
        "\"100 s\"",
        "\"soon\"",
        "`time.window` is none of `peak-hour`, `day` and `week`, nor a time: `soon`",
        "x.toml:4:10",
    ),
    ("\"100 s\"", "\"100\"", "`100` has no unit; a time is written with one", "x.toml:4:10"),
    ("\"100 s\"", "\"100 sec\"", "unknown unit `sec`; a time knows s, ms", "x.toml:4:10"),
    ("\"100 s\"", "\"0 s\"", "`time.window` is `0 s`; it must be above zero", "x.toml:4:10"),
    ("\"100 s\"", "\"60 weeks\"", "it must be above zero and at most a year", "x.toml:4:10"),
    (
        "service = \"job\"\nrate",
        "service = \"jbo\"\nrate",
        "there is no service `jbo`; did you mean `job`?",
        "x.toml:6:11",
    ),
    ("\"5 /s\"", "5", "`5` has no unit; write a rate as text", "x.toml:7:8"),
    ("\"5 /s\"", "\"-5 /s\"", "`-5 /s` is negative", "x.toml:7:8"),
    ("\"5 /s\"", "\"0 /s\"", "`rate` of `job` is zero; leave the stream out", "x.toml:6:11"),
    ("work]", "work.more]", "unknown key `more`; known here: `cpu`", "x.toml:8:29"),
    (
        "[node.primary]",
        "[node.name-server]\ntier = \"unit\"\n[node.primary]",
        "there is a name server, and nobody asks it; write a `[routing.default.round-robin-dns]`, or leave the node out",
        "x.toml:14:17",
    ),
    ("exponential", "exponentail", "unknown value `exponentail`; did you mean `exponential`?", "x.toml:9:9"),
    ("{ mean", "{ maen", "unknown key `maen`; did you mean `mean`?", "x.toml:9:25"),
    ("\"10 ms\"", "10", "`10` has no unit; write a time as text", "x.toml:9:32"),
    ("\"10 ms\"", "\"0 ms\"", "`mean` of `exponential` is `0`; it must be above zero", "x.toml:9:7"),
    ("cores = 1", "cores = 0", "`cores` is `0`; it must be between 1 and 4096", "x.toml:11:9"),
    ("cores = 1", "cores = \"one\"", "invalid type: string \"one\", expected a whole number from 0 to", "x.toml:11:9"),
    ("speed = 1.0", "speed = 0.0", "`speed` is `0`; it must be above zero", "x.toml:12:9"),
    ("stand-alone", "stand-alon", "unknown value `stand-alon`; did you mean `stand-alone`?", "x.toml:14:17"),
    ("stand-alone", "multiple-primaries", "needs one data server and has 0; write one `[node.data]`", "x.toml:14:17"),
    (
        "[tier.unit]\ncores = 1\nspeed = 1.0\n[cluster]\n",
        "lookups = 1\n[tier.unit]\ncores = 1\nspeed = 1.0\n[node.database]\ntier = \"unit\"\ncount = 2\n[cluster]\n\
         directory = \"odbc\"\n",
        "there is one directory, and 2 database nodes; leave the others out",
        "x.toml:19:17",
    ),
    ("[node.primary]", "[node.primry]", "node `primry` has no role; write `role = ", "x.toml:15:7"),
    ("tier = \"unit\"", "tier = \"piii-1001\"", "there is no tier `piii-1001`; did you mean `piii-1000", "x.toml:16:8"),
    ("level.fast]", "level.fast]\nfoo = 1", "unknown key `foo`; known here: `service`", "x.toml:18:1"),
    ("95 %", "195 %", "`195 %` is not a share; write a percentage between", "x.toml:19:9"),
    ("95 %", "100 %", "`share` is `100 %`; it must be above 0 % and below 100 %", "x.toml:19:9"),
    ("\"1 s\"", "\"1 s + 5\"", "`1 s + 5` is not a limit", "x.toml:20:9"),
    ("\"1 s\"", "\"0 s\"", "a limit of no time can't be met", "x.toml:20:9"),
    ("[\"unit\"]", "[\"untit\"]", "there is no tier `untit`; did you mean `unit`?", "x.toml:22:10"),
    ("[\"unit\"]", "\"some\"", "`some` is neither `\"all\"` nor a list; write for example `[\"some\"]`", "x.toml:22:9"),
    ("[\"unit\"]", "[]", "the list is empty; write `\"all\"` or name at least one", "x.toml:22:9"),
    ("[plan]", "[pla]", "unknown key `pla`; did you mean `plan`?", "x.toml:21:2"),
];

/// A burst, an option beside it or none, and what is said.
pub(super) const BURST_AT: (&str, &str) = (
    "burst={ b = { population = \"subscribers\", at = \"9:00\", lasts = \"60 s\", factor = 2 } }",
    "`9:00` is no time of the day; write for example `\"09:00\"`",
);

/// An option laid over the scenario, the message, and the place: the option, or what it made wrong.
pub(super) const SET: &[(&str, &str, &str)] = &[
    ("format=2", "`format` is `2`", "(in `--set format`)"),
    ("time.window=5", "invalid type: integer `5`", "(in `--set time.window`)"),
    ("time.warm_up=5", "`5` has no unit", "(in `--set time.warm_up`)"),
    ("time.warm_up=213000 days", "`warm_up` is `213000 days`; it must be at most a year", "(in `--set time.warm_up`)"),
    ("time.warm_up=9000000 days", "is too long; the load clock ends after 584 years", "(in `--set time.warm_up`)"),
    ("time.window=nan s", "nor a time: ", "(in `--set time.window`)"),
    ("random.seed=-1", "invalid value: integer `-1`, expected a whole number of 0 or more", "(in `--set random.seed`)"),
    ("random.seed=99999999999999999999", "expected a whole number of 0 or more", "(in `--set random.seed`)"),
    ("cluster=5", "invalid type: integer `5`, expected a table of keys", "(in `--set cluster`)"),
    (
        "client_group.x.share=1",
        "there is no `client_group` in the file to be changed; write `x` there",
        "client_group.x.share`)",
    ),
    (
        "arrivals.job.rate=1e300 /s",
        "`job` comes 1.000e300 times a second, and at most ten million can be",
        "x.toml:5:11",
    ),
    ("arrivals.job.rate=nan /s", "", "(in `--set arrivals.job.rate`)"),
    (
        "background.b={ role = \"primary\", reads = \"1e300 /s\" }",
        "background `b` asks for more than ten million operations a second",
        "(in `--set background.b`)",
    ),
    ("tier.unit.speed=1e300", "it must be above zero and at most a million", "(in `--set tier.unit.speed`)"),
    ("tier.unit.price=100000000000 USD", "its `price` is at most `1000000000 USD`", "x.toml:11:9"),
    (
        "node.primary.count=65536",
        "`count` is `65536`; it must be between 1 and 10000",
        "(in `--set node.primary.count`)",
    ),
    (
        "plan.most_primaries=0",
        "`most_primaries` is `0`; it must be between 1 and 1000",
        "(in `--set plan.most_primaries`)",
    ),
    ("plan.margin=nan", "`NaN` is not a share", "(in `--set plan.margin`)"),
    (
        "arrivals.job.operations=[\"wrok\"]",
        "there is no operation `wrok`; did you mean `work`?",
        "arrivals.job.operations",
    ),
    (
        "arrivals.job.messages=1.5",
        "`1.5` is no law of a count; write a whole number",
        "(in `--set arrivals.job.messages`)",
    ),
    ("arrivals.job.messages=two", "`two` is a text; write a count such as `2`", "(in `--set arrivals.job.messages`)"),
    ("arrivals.job.size=1.5", "`1.5` has no unit; write a size such as", "(in `--set arrivals.job.size`)"),
    (
        "arrivals.job.size={ mail_size = { median = \"2 KB\", sigma = 0.6, tail_from = \"1 KB\", tail_slope = 1 } }",
        "`tail_from` of `mail_size` is `1000`; it must be above `median`",
        "(in `--set arrivals.job.size`)",
    ),
    (
        "arrivals.job.messages={ mail_size = { median = 2, sigma = 0.6, tail_from = 10, tail_slope = 1 } }",
        "`mail_size` is a law of sizes; write another one here",
        "(in `--set arrivals.job.messages`)",
    ),
    ("arrivals.job.remote=2", "`2` is not a share; write a number between 0 and 1", "(in `--set arrivals.job.remote`)"),
    ("arrivals.job.recipients=0", "`recipients` of `job` may be below 1", "x.toml:6:11"),
    ("arrivals.jbo.rate=1 /s", "there is no arrivals `jbo`; did you mean `job`?", "(in `--set arrivals.jbo.rate`)"),
    (
        "service.job.operation.work.cpu={ lognormal = { mean = \"1 s\", cv = -1 } }",
        "`cv` of `lognormal` is `-1`",
        "work.cpu`)",
    ),
    (
        "service.job.operation.work.cpu={ uniform = { low = \"2 s\", high = \"1 s\" } }",
        "`high` of `uniform` is `1`",
        "work.cpu`)",
    ),
    ("service.job.operation.work.cpu={ erlang = { mean = \"1 s\", stages = 0 } }", "between 1 and 1000", "work.cpu`)"),
    (
        "service.job.operation.work.cpu={ hyperexponential = { mean = \"1 s\", cv = 0.5 } }",
        "at least one",
        "work.cpu`)",
    ),
    ("service.job.operation.work.cpu={ table = [[\"1 s\", \"50 %\"]] }", "they must sum to one", "work.cpu`)"),
    ("service.job.operation.work.cpu={ table = [] }", "`table` is empty", "work.cpu`)"),
    (
        "service.job.operation.work={ client_transfer = \"upload\", times = \"once\" }",
        "`times = \"per-message\"`",
        "operation.work`)",
    ),
    ("service.job.operation.work={ messages = \"local\" }", "`messages` chooses among messages", "operation.work`)"),
    ("service.job.operation.work={ reply = \"before\", round_trips = 1 }", "the client has gone", "operation.work`)"),
    (
        "service.job.operation.work.queue_writes=1",
        "tier `unit` has no disk, and operation `work` needs one",
        "x.toml:16:8",
    ),
    (
        "service.job.operation.work.round_trips=-1",
        "integer `-1`, expected a whole number from 0 to",
        "work.round_trips`)",
    ),
    ("service.job.operation.other.cpu=1 s", "service `job` has 2 operations; list those of a session", "x.toml:6:11"),
    ("service.jbo.operation.work.cpu=1 s", "`jbo`; did you mean `job`?", "(in `--set service.jbo.operation.work.cpu`)"),
    ("service.job.connections=0", "`connections` of service `job` must be between 1 and a million", "x.toml:8:10"),
    ("service.job.mailbox_lock=true", "no session of `job` opens the mailbox of a pool; leave", "x.toml:8:10"),
    (
        "service.job.state=local",
        "service `job` reads and writes nothing in the mail store, so its `state`",
        "x.toml:8:10",
    ),
    ("service.job.state=own", "unknown value `own`; known here: `shared`, `local`", "service.job.state`)"),
    ("service.job.workers=0", "`workers` of service `job` must be between 1 and a million", "x.toml:8:10"),
    (
        "service.job.backlog=5",
        "`backlog` of service `job` is where sessions wait for one of `connections`",
        "x.toml:8:10",
    ),
    (
        "product.domain_period=0 s",
        "`domain_period` is `0 s`; it must be between `1 s` and `7 days`",
        "product.domain_period`)",
    ),
    ("product.domain_cpu=2 h", "`domain_cpu` is `2 h`; it must be between `0 s` and `60 min`", "product.domain_cpu`)"),
    (
        "cluster.directory=odbc",
        "no operation looks anybody up; write `lookups = 1` in",
        "(in `--set cluster.directory`)",
    ),
    ("directory.cpu=1 ms", "no operation looks anybody up; write `lookups = 1` in", "(in `--set directory.cpu`)"),
    ("service.job.operation.work.lookups=1001", "`lookups` are at most 1000", "x.toml:8:24"),
    (
        "node={ primary = { tier = \"unit\" }, database = { tier = \"unit\" } }",
        "there is a database node, and nobody asks it; write `directory = \"odbc\"`, or leave the node out",
        "x.toml:14:17",
    ),
    ("product.ram_limit=0.5", "`ram_limit` is `0.5`; it must be between `1` and `10`", "product.ram_limit`)"),
    ("service.job.worker_ram=2 TB", "`worker_ram` of service `job` is `2 TB`; it is at most `1 TB`", "x.toml:8:10"),
    ("tier.unit.ram=1 GB", "has `ram`, and no disk for what does not fit; write `disks = 1` or more", "x.toml:11:9"),
    ("tier.unit.disk_space=1 GB", "has `disk_space` and nothing to have it on; write `disks = 1`", "x.toml:11:9"),
    ("tier.unit.ram=0 B", "has no memory at all; leave `ram` out if it shall cost nothing", "x.toml:11:9"),
    ("time.caches=tepid", "unknown value `tepid`; known here: `warm`, `cold`", "(in `--set time.caches`)"),
    ("product.edition=lite", "unknown value `lite`; known here: `plus`, `pro`", "product.edition`)"),
    ("tier.unit.contention=2", "`contention` of tier `unit` must be between 0 and 1", "x.toml:11:9"),
    (
        "tier.unit={ cores = 2, speed = 1.0, discipline = \"fcfs\", contention = 0.1 }",
        "which `fcfs` has no use for",
        "tier.unit`)",
    ),
    (
        "tier.unit.cpu_quota=0",
        "`cpu_quota` of tier `unit` is `0`; it must be above 0 and at most its 1 cores",
        "x.toml:11:9",
    ),
    ("tier.unit.cpu_quota=1.5", "`cpu_quota` of tier `unit` is `1.5`; it must be above 0 and at most", "x.toml:11:9"),
    ("tier.unit.cpu_burst=50 ms", "has a `cpu_burst` and no quota; write `cpu_quota` too", "x.toml:11:9"),
    ("tier.unit.cpu_resume=1 ms", "has a `cpu_resume` and no quota; write `cpu_quota` too", "x.toml:11:9"),
    ("tier.unit.cpu_period=50 ms", "has a `cpu_period` and no quota; write `cpu_quota` too", "x.toml:11:9"),
    (
        "tier.unit={ cores = 1, speed = 1.0, cpu_quota = 0.5, cpu_resume = \"2 ms\", cpu_cold = \"1 ms\" }",
        "`cpu_cold` of tier `unit` is `1 ms`; it must be between its `cpu_resume` of `2 ms` and 1 s",
        "tier.unit`)",
    ),
    (
        "tier.unit={ cores = 2, speed = 1.0, cpu_quota = 0.5, cpu_resume = \"25 ms\" }",
        "`cpu_resume` of tier `unit` is `25 ms`, and a core has `25 ms` in a period; it must be less",
        "tier.unit`)",
    ),
    (
        "tier.unit={ cores = 1, speed = 1.0, cpu_quota = 0.5, cpu_period = \"2 s\" }",
        "`cpu_period` of tier `unit` is `2 s`; it must be between 1 ms and 1 s",
        "tier.unit`)",
    ),
    ("tier.unit.disks=1", "has disks of unknown speed; write `disk_iops = \"150 /s\"`", "x.toml:11:9"),
    ("tier.unit.disk_iops=100 /s", "has a disk speed and no disks; write `disks = 1`", "x.toml:11:9"),
    ("tier.unit.disk_transfer=20 MB/s", "has a disk speed and no disks; write `disks = 1`", "x.toml:11:9"),
    ("tier.unit.disk_transfer=0 MB/s", "carries nothing", "(in `--set tier.unit.disk_transfer`)"),
    (
        "tier.unit={ cores = 1, speed = 1.0, disks = 1, disk_iops = \"9 /s\", disk_service = \"1 ms\" }",
        "write one of them",
        "tier.unit`)",
    ),
    ("tier.unit.raid_write_penalty=0", "`raid_write_penalty` of tier `unit` must be between 1 and 16", "x.toml:11:9"),
    (
        "tier.unit.write_back_limit=5",
        "has a `write_back_limit` and no cache; write `write_back = true` too",
        "x.toml:11:9",
    ),
    ("tier.unit.write_back=true", "has a write-back cache and no disks; write `disks = 1` or more", "x.toml:11:9"),
    (
        "tier.unit={ cores = 1, speed = 1.0, disks = 1, disk_iops = \"9 /s\", raid_write_penalty = 2, write_back = true, \
         write_back_limit = 1 }",
        "`write_back_limit` of tier `unit` must be between its `raid_write_penalty` and a million",
        "tier.unit`)",
    ),
    ("tier.unit.group_commit=true", "has `group_commit` and no disks; write `disks = 1` or more", "x.toml:11:9"),
    (
        "tier.unit={ cores = 1, speed = 1.0, disks = 1, disk_iops = \"9 /s\", write_back = true, group_commit = true }",
        "tier `unit` has `group_commit` and `write_back`; behind a cache nobody waits for a flush",
        "tier.unit`)",
    ),
    (
        "service.job.operation.work.queue_fsyncs=1",
        "tier `unit` has no disk, and operation `work` needs one",
        "x.toml:16:8",
    ),
    ("service.job.operation.work={ store_fsyncs = 1001 }", "`store_fsyncs` are at most 1000 each", "operation.work`)"),
    ("tier.unit.network=0 Mbit/s", "`0 Mbit/s` carries nothing", "(in `--set tier.unit.network`)"),
    ("tier.unit.price=5", "`5` has no unit; write a price", "(in `--set tier.unit.price`)"),
    (
        "tier.unit.discipline=lifo",
        "unknown value `lifo`; known here: `processor-sharing`, `fcfs`",
        "tier.unit.discipline`)",
    ),
    ("node.primary.count=0", "`count` is `0`; it must be between 1 and 10000", "(in `--set node.primary.count`)"),
    ("node.primary.count=3", "has one primary, not 3; write `multiple-primaries` for more", "x.toml:14:17"),
    (
        "node.primary.site=\"\"",
        "`site` has no name; leave it out, or write for example `\"main\"`",
        "node.primary.site`)",
    ),
    ("node.primary.role=data", "needs a primary; write a `[node.primary]`", "x.toml:14:17"),
    ("node.primry.count=3", "there is no node `primry`; did you mean `primary`?", "(in `--set node.primry.count`)"),
    (
        "node={ primary = { tier = \"unit\" }, data = { tier = \"unit\" } }",
        "has no data server; leave `[node.data]` out",
        "x.toml:14:17",
    ),
    (
        "routing.default.switch.algorithm=random",
        "has one primary, and nothing to route",
        "routing.default.switch.algorithm`)",
    ),
    (
        "monitor.interval=60 s",
        "`[monitor]` takes out nodes that have others beside them, and no service has two; leave it out, or write a second",
        "(in `--set monitor.interval`)",
    ),
    (
        "switch.latency=1 ms",
        "no service is behind a switch; leave `[switch]` out, or write a `[routing.default.switch]`",
        "(in `--set switch.latency`)",
    ),
    (
        "fault.x={ component = \"switch\", kind = \"stop\", at = \"1 s\" }",
        "no service is behind a switch of its own; write a `[routing.default.switch]`, or leave the fault out",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary\", kind = \"maintenance\", at = \"1 s\" }",
        "nobody keeps new sessions away from `primary` before a `maintenance`; write `[routing.default.nlb]` or a switch",
        "(in `--set fault.x`)",
    ),
    (
        "node.primary.weight=2",
        "nothing is balanced here; leave `weight` out of node `primary`",
        "node.primary.weight`)",
    ),
    ("client_group={ a = { share = 0.5 } }", "add up to `0.5`; they must add up to 1", "(in `--set client_group`)"),
    (
        "client_group.a.share=1",
        "there is no `client_group` in the file to be changed; write `a` there",
        "(in `--set client_group.a.share`)",
    ),
    ("background={ b = { role = \"primary\" } }", "background `b` does nothing; write `cpu`, `reads`,", "background`)"),
    ("background={ b = { cpu = 0.1 } }", "nobody does background `b`; write `role = \"primary\"`", "background`)"),
    (
        "background={ b = { role = \"primary\", node = \"primary\", cpu = 0.1 } }",
        "background `b` has a `role` and a `node`; write one of them",
        "background`)",
    ),
    ("background={ b = { role = \"data\", cpu = 0.1 } }", "no node has the role `data`; write one", "background`)"),
    (
        "background={ b = { node = \"primry\", cpu = 0.1 } }",
        "there is no node `primry`; did you mean `primary`?",
        "background`)",
    ),
    (
        "background={ b = { node = \"primary\", cpu = 0.1 } }",
        "a search varies the nodes, and `primary` is one of them; write `role`",
        "background`)",
    ),
    (
        "background={ b = { role = \"primary\", cpu = 0.1, size = \"1 KB\" } }",
        "background `b` has a `size` and no disk operations; write `reads` or `writes` too",
        "background`)",
    ),
    (
        "background={ b = { role = \"primary\", cpu = 0.1, direction = \"in\" } }",
        "background `b` has a `direction` and sends nothing; write `bandwidth` too",
        "background`)",
    ),
    (
        "background={ b = { role = \"primary\", cpu = 0.1, at = \"9 s\" } }",
        "background `b` has no end; write how long it `lasts`, or leave `at` out",
        "background`)",
    ),
    (
        "background={ b = { role = \"primary\", cpu = 0.1, lasts = \"9 s\" } }",
        "background `b` has no beginning; write `at`, or leave `lasts` out",
        "background`)",
    ),
    (
        "background={ b = { role = \"primary\", cpu = 0.1, at = \"02:00\", lasts = \"9 s\" } }",
        "`02:00` is no time after the warm-up; write for example `\"600 s\"`",
        "background`)",
    ),
    (
        "background={ b = { role = \"primary\", cpu = 0.1, at = \"50 s\", lasts = \"51 s\" } }",
        "background `b` must last for a time and be over at the end of the window",
        "background`)",
    ),
    (
        "background={ b = { role = \"primary\", reads = \"9 /s\" } }",
        "tier `unit` has no disk, and background `b` needs one; write `disks`",
        "background`)",
    ),
    (
        "background={ b = { role = \"primary\", bandwidth = \"9 Mbit/s\" } }",
        "tier `unit` has no link, and background `b` needs one; write `network`",
        "background`)",
    ),
    ("level.fast.service=jab", "there is no service `jab`; did you mean `job`?", "(in `--set level.fast.service`)"),
    (
        "level.fast.operation=wrk",
        "there is no operation `wrk`; did you mean `work`?",
        "(in `--set level.fast.operation`)",
    ),
    (
        "plan.most_primaries=0",
        "`most_primaries` is `0`; it must be between 1 and 1000",
        "(in `--set plan.most_primaries`)",
    ),
    ("plan.margin=0", "`margin` is zero", "(in `--set plan.margin`)"),
    ("plan.prefer=best", "unknown value `best`; known here: `simplest`, `cheapest`", "(in `--set plan.prefer`)"),
    ("name.x=1", "`name` is a value, not a table; set it as a whole", "(in `--set name.x`)"),
    ("speed=3", "unknown key `speed`; known here: `format`", "(in `--set speed`)"),
    (
        "cluster.store=primary",
        "`store` chooses among the primaries of `dual-primaries`; `stand-alone` leaves no choice",
        "(in `--set cluster.store`)",
    ),
    (
        "node.primary.services=[\"job\"]",
        "`services` is for the primaries of configuration `service-specific`; node `primary` runs all",
        "(in `--set node.primary.services`)",
    ),
    (
        "cluster.configuration=service-specific",
        "node `primary` runs no services; write for example `services = [\"job\"]`",
        "x.toml:15:7",
    ),
    (
        "cluster.configuration=primary-with-backup",
        "needs one backup and has 0; write one `[node.backup]`",
        "(in `--set cluster.configuration`)",
    ),
    ("cluster.configuration=dual-primaries", "has two primaries, not 1; write `multiple-primaries`", "configuration`)"),
    (
        "node={ primary = { tier = \"unit\" }, backup = { tier = \"unit\" } }",
        "has no backup; leave `[node.backup]` out, or write `primary-with-backup`",
        "x.toml:14:17",
    ),
    (
        "plan.configurations=[\"service-specific\"]",
        "a search gives `smtp` primaries of its own in `service-specific`, and needs it and another service",
        "(in `--set plan.configurations`)",
    ),
    (
        "plan={ configurations = [\"stand-alone\"], backup_tiers = [\"unit\"] }",
        "no configuration of `[plan]` has a backup; leave `backup_tiers` out, or add `primary-with-backup`",
        "(in `--set plan`)",
    ),
    (
        "plan={ configurations = [\"stand-alone\"], balancers = [\"switch\"] }",
        "no configuration of `[plan]` has several primaries, and there is nothing to balance",
        "(in `--set plan`)",
    ),
    ("plan.balancers=[\"dns\"]", "unknown value `dns`; known here: `round-robin-dns`", "`--set plan.balancers`)"),
    (
        "plan.algorithms=[\"random\"]",
        "`algorithms` are those of a switch among the `balancers` that are tried",
        "(in `--set plan.algorithms`)",
    ),
    (
        "plan={ balancers = [\"nlb\"], algorithms = [\"random\"] }",
        "`algorithms` are those of a switch, and `balancers` names none; write `\"switch\"` there",
        "(in `--set plan`)",
    ),
    (
        "plan={ balancers = [\"switch\"], algorithms = [\"content\"] }",
        "the sessions of the bare stream `job` are for no domain, and `content` chooses by it; leave `content` out",
        "(in `--set plan`)",
    ),
    (
        "plan.switch_pair=as-needed",
        "nothing must be outlasted, so no second switch is needed; write `survive = \"one-node\"`",
        "(in `--set plan.switch_pair`)",
    ),
    (
        "plan={ balancers = [\"nlb\"], switch_pair = \"always\" }",
        "no way of balancing that is tried has a switch; leave `switch_pair` out",
        "(in `--set plan`)",
    ),
    (
        "plan.directories=all",
        "no operation looks anybody up; leave `directories` out, or write `lookups = 1`",
        "(in `--set plan.directories`)",
    ),
    ("cost.switch=5", "`5` has no unit; write a price as text", "(in `--set cost.switch`)"),
    (
        "cost.switch=2000000000 USD",
        "`switch` is `2000000000 USD`; it is at most `1000000000 USD`",
        "(in `--set cost.switch`)",
    ),
    ("plan.backup_tiers=[\"untit\"]", "there is no tier `untit`; did you mean `unit`?", "`--set plan.backup_tiers`)"),
];

/// The same over the shipped regional provider, for what needs people and several primaries.
pub(super) const REGIONAL: &[(&str, &str, &str)] = &[
    (
        "store.start_time=10 s",
        "nothing fails in this scenario, and nothing starts again; leave `[store]` out",
        "(in `--set store.start_time`)",
    ),
    (
        "fault.x={ component = \"data\", kind = \"stop\", at = \"9 s\", lasts = \"9 s\", loses_disk = true }",
        "`data` has no queue of mail to lose; leave `loses_disk` out",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"data.pop3\", kind = \"stop\", at = \"9 s\" }",
        "there is no service `pop3`; known: `os` and `link`",
        "(in `--set fault.x`)",
    ),
    (
        "population.subscribers.active=0.5",
        "`active` is about mailboxes whose size is not known; write `mailbox`, or the `retention` that it follows from",
        "(in `--set population.subscribers.active`)",
    ),
    (
        "population.subscribers.quota=1 MB",
        "`quota` is about mailboxes whose size is not known; write `mailbox`, or the `retention`",
        "(in `--set population.subscribers.quota`)",
    ),
    (
        "population.subscribers.growth=25 % /year",
        "`growth` is about mailboxes whose size is not known; write `mailbox`, or the `retention`",
        "(in `--set population.subscribers.growth`)",
    ),
    (
        "population.subscribers.growth=-100 % /year",
        "`-100 % /year` is no growth; it is above `-100 % /year` and at most `1000 % /year`",
        "(in `--set population.subscribers.growth`)",
    ),
    (
        "population.subscribers.retention=0 s",
        "`retention` is `0 s`; it must be above zero and at most a century",
        "(in `--set population.subscribers.retention`)",
    ),
    (
        "population={ s = { users = 9, profile = \"pop-isp-2003\", mailbox = \"1 KB\", retention = \"9 days\" } }",
        "the size of the mailboxes follows from `retention`, and is written in `mailbox`; write one of them",
        "(in `--set population`)",
    ),
    (
        "population={ s = { users = 9, profile = \"pop-isp-2003\", mailbox = \"1 KB\", quota = \"2 TB\" } }",
        "`quota` is `2 TB`; it must be between `1 B` and `1 TB`",
        "(in `--set population`)",
    ),
    (
        "population.subscribers.mailbox=0 B",
        "`mailbox` is `0 B`; it must be between `1 B` and `1 TB`",
        "(in `--set population.subscribers.mailbox`)",
    ),
    (
        "population={ a = { users = 9, profile = \"pop-isp-2003\", mailbox = \"1 KB\" }, b = { users = 9, \
         profile = \"pop-isp-2003\" } }",
        "population `b` has no `mailbox`, and another one has; write it for all",
        "(in `--set population`)",
    ),
    (
        "product.edition=plus",
        "edition `plus` serves one domain, and the populations have 400 together; write `edition = \"pro\"`",
        "(in `--set product.edition`)",
    ),
    ("population.subscribers.users=0", "`users` is `0`; it must be between 1 and a billion", "subscribers.users`)"),
    (
        "population.subscribers.domains=0",
        "`domains` is `0`; it must be between 1 and ten million",
        "subscribers.domains`)",
    ),
    (
        "population.subscribers.max_message_size=500 B",
        "`max_message_size` does not fit the sizes: nothing of `table(1000: ",
        "(in `--set population.subscribers.max_message_size`)",
    ),
    (
        "burst={ b = { population = \"subscriber\", at = \"60 s\", lasts = \"60 s\", factor = 2 } }",
        "there is no population `subscriber`; did you mean `subscribers`?",
        "burst`)",
    ),
    (
        "burst={ b = { population = \"subscribers\", at = \"60 s\", lasts = \"60 s\", factor = 2, session = \"inbund\" } }",
        "there is no session `inbund`; did you mean `inbound`?",
        "burst`)",
    ),
    (
        "burst={ b = { population = \"subscribers\", at = \"60 s\", lasts = \"60 s\", factor = 0 } }",
        "`factor` is `0`; it must be above 0",
        "burst`)",
    ),
    (
        "burst={ b = { population = \"subscribers\", at = \"09:00\", lasts = \"60 s\", factor = 2 } }",
        "`09:00` is no time after the warm-up; write for example `\"600 s\"`",
        "burst`)",
    ),
    (
        "burst={ b = { population = \"subscribers\", at = \"60 s\", lasts = \"0 s\", factor = 2 } }",
        "burst `b` must last for a time",
        "burst`)",
    ),
    (
        "burst={ b = { population = \"subscribers\", at = \"60 s\", lasts = \"2 h\", factor = 2 } }",
        "and be over at the end of the window",
        "burst`)",
    ),
    (
        "population.subscribers.profile=pop-isp",
        "there is no profile `pop-isp`; did you mean `pop-isp-2003`?",
        "profile`)",
    ),
    ("population.subscribers.profile=zzz", "built in: `pop-isp-2003`, `all-services-2004`, ", "profile`)"),
    (
        "population.subscribers.profile=zzz.toml",
        "zzz.toml` can't be read",
        "(in `--set population.subscribers.profile`)",
    ),
    ("population={}", "nobody uses this cluster; write a `[population.NAME]`", "regional-isp.toml"),
    ("client_group.office.share=20 %", "the shares of the client groups add up to `1.1", "regional-isp.toml:"),
    (
        "client_group.office.bandwidth=0 kbit/s",
        "`0 kbit/s` carries nothing",
        "(in `--set client_group.office.bandwidth`)",
    ),
    (
        "routing.pop.switch.algorithm=random",
        "there is no service `pop`; did you mean `pop3`?",
        "(in `--set routing.pop",
    ),
    (
        "routing.default.switch.algorithm=hash",
        "unknown value `hash`; known here: `round-robin`, `random`, `weighted-round-robin`",
        "algorithm`)",
    ),
    (
        "routing.default.switch={ algorithm = \"random\", replacement = true }",
        "`replacement` is about the draws of `random-two-choices`; leave it out with `random`",
        "(in `--set routing.default.switch`)",
    ),
    (
        "routing.default.switch.persistence={ mask = 33 }",
        "`mask` is `33`; it must be between 8 and 32 bits of an address",
        "(in `--set routing.default.switch.persistence`)",
    ),
    (
        "routing.default.switch.persistence={ timeout = \"0 s\" }",
        "`timeout` is zero, and nobody is remembered; leave `persistence` out",
        "(in `--set routing.default.switch.persistence`)",
    ),
    (
        "routing.default.switch.check={ interval = \"2 h\" }",
        "`interval` is `2 h`; it must be between 100 ms and 1 h",
        "(in `--set routing.default.switch.check`)",
    ),
    (
        "routing.default.switch.check={ fall = 0 }",
        "`fall` is `0`; it must be between 1 and 100 checks in a row",
        "(in `--set routing.default.switch.check`)",
    ),
    (
        "routing.default.switch.check={ rise = 101 }",
        "`rise` is `101`; it must be between 1 and 100 checks in a row",
        "(in `--set routing.default.switch.check`)",
    ),
    (
        "routing.default.switch.check={ timeout = \"3 s\" }",
        "`timeout` is `3 s`; it must be above zero and at most the interval, `2 s`",
        "(in `--set routing.default.switch.check`)",
    ),
    (
        "routing.default.switch.check={ phase = \"2 s\" }",
        "`phase` is `2 s`; it must be less than the interval, `2 s`",
        "(in `--set routing.default.switch.check`)",
    ),
    (
        "routing.default.switch.check={ cpu = \"2 s\" }",
        "`cpu` is `2 s`; it must be less than the interval, `2 s`",
        "(in `--set routing.default.switch.check`)",
    ),
    (
        "routing.default.switch.check={ kind = \"ping\", cpu = \"1 ms\" }",
        "`cpu` is core time of a server, and a ping asks none; write another `kind`, or no `cpu`",
        "(in `--set routing.default.switch.check`)",
    ),
    (
        "routing.default.switch.check={ kind = \"pings\" }",
        "unknown value `pings`; did you mean `ping`?",
        "(in `--set routing.default.switch.check`)",
    ),
    (
        "routing.default.switch.slow_start=10 s",
        "`slow_start` changes what weights count for, and `round-robin` takes no notice; leave it out, or write",
        "(in `--set routing.default.switch.slow_start`)",
    ),
    (
        "routing.default.switch={ algorithm = \"weighted-round-robin\", slow_start = \"10 s\" }",
        "`slow_start` begins when a check finds a node up again, and there is none; write `check` too",
        "(in `--set routing.default.switch`)",
    ),
    (
        "routing.default.switch={ algorithm = \"weighted-round-robin\", check = {}, slow_start = \"10 ms\" }",
        "`slow_start` is `10 ms`; it must be between 1 s and 1 h",
        "(in `--set routing.default.switch`)",
    ),
    (
        "routing.default.switch.retries=101",
        "`retries` is `101`; it is at most 100",
        "(in `--set routing.default.switch.retries`)",
    ),
    (
        "routing.default.switch.redispatch=true",
        "`redispatch` is about the last of `retries`, and there are none; write for example `retries = 3`",
        "(in `--set routing.default.switch.redispatch`)",
    ),
    (
        "routing.default.switch.connect_timeout=1 h",
        "it must be between 1 ms and 10 min",
        "(in `--set routing.default.switch.connect_timeout`)",
    ),
    (
        "switch.connection_rate=0 /s",
        "`connection_rate` is zero, and nobody gets through; leave it out, or write a rate above zero",
        "(in `--set switch.connection_rate`)",
    ),
    ("switch.connections=0", "`connections` is `0`, and nobody gets through", "(in `--set switch.connections`)"),
    ("switch.throughput=0 bit/s", "`0 bit/s` carries nothing", "(in `--set switch.throughput`)"),
    ("switch.latency=2 s", "`latency` is `2 s`; it is at most `1 s`", "(in `--set switch.latency`)"),
    (
        "routing.default.switch.all_backups=true",
        "`all_backups` is about nodes with `backup = true`, and there are none; leave it out",
        "(in `--set routing.default.switch.all_backups`)",
    ),
    (
        "routing.default.switch.agent={}",
        "`agent` changes what weights count for, and `round-robin` takes no notice; leave it out, or write",
        "(in `--set routing.default.switch.agent`)",
    ),
    (
        "routing.default.switch={ algorithm = \"weighted-round-robin\", agent = { interval = \"10 ms\" } }",
        "`interval` is `10 ms`; it must be between 100 ms and 1 h",
        "(in `--set routing.default.switch`)",
    ),
    (
        "population.subscribers.domain_skew=4",
        "`domain_skew` is `4`; it must be between 0, all of one size, and 3",
        "(in `--set population.subscribers.domain_skew`)",
    ),
    (
        "node.data.weight=2",
        "`weight` is for the primaries behind a switch; leave it out of node `data`",
        "(in `--set node.data.weight`)",
    ),
    (
        "node.data.backup=true",
        "`backup` is for primaries behind a switch; leave it out of node `data` (a backup that receives mail has",
        "(in `--set node.data.backup`)",
    ),
    ("node.primary.backup=true", "is a backup; leave `backup` out of one that is to have the", "node.primary.backup`)"),
    ("node.primary.weight=300", "`weight` is `300`; it must be between 1 and 256", "(in `--set node.primary.weight`)"),
    (
        "client_group.office.addresses=0",
        "`addresses` of client group `office` is `0`; it must be between 1 and 2^32",
        "(in `--set client_group.office.addresses`)",
    ),
    ("node.data.count=2", "needs one data server and has 2", "regional-isp.toml:"),
    (
        "node.data.tier=dual-p3-1000",
        "there is no tier `dual-p3-1000`; did you mean `dual-piii-1000`?",
        "(in `--set node.data.tier`)",
    ),
];

/// The same over the shipped configuration 3, which has a choice of where the store is.
pub(super) const DUAL: &[(&str, &str, &str)] = &[
    (
        "cluster.store=primary-3",
        "there is no primary `primary-3`; did you mean `primary-",
        "(in `--set cluster.store`)",
    ),
    ("node.primary.count=3", "has two primaries, not 3; write `multiple-primaries` for another number", "config-3"),
    (
        "node={ primary = { tier = \"piii-1000-raid\", count = 2 }, backup = { tier = \"piii-600\", count = 2 } }",
        "has at most one backup, not 2; leave the others out",
        "config-3",
    ),
];

/// The same over the shipped configuration 6, where each node runs its own services.
pub(super) const SPECIFIC: &[(&str, &str, &str)] = &[
    ("node.smtp.services=[\"pop3\"]", "no node runs `smtp`; add `smtp` to the `services` of a `[node.X]`", "config-6"),
    ("node.smtp.services=[\"stmp\"]", "there is no service `stmp`; did you mean `smtp`?", "node.smtp.services`)"),
    ("node.smtp.services=[]", "node `smtp` runs no services; write for example `services = [", "config-6"),
    ("node.data.services=[\"smtp\"]", "node `data` runs all that its role has", "(in `--set node.data.services`)"),
    (
        "routing.smtp.switch.algorithm=random",
        "service `smtp` has one node, and nothing to route; leave `[routing.smtp]` out",
        "routing.smtp",
    ),
    ("node.pop3.count=1", "has one node for each service, and nothing to route", "config-6"),
];

/// The same over the theory scenario of inner calls: what can't be called.
pub(super) const CALLS: &[(&str, &str, &str)] = &[
    ("service.webmail.operation.page.calls=[\"fetch\"]", "`fetch` names no operation of another service", "calls`)"),
    (
        "service.webmail.operation.page.calls=[\"webmail/page\"]",
        "`webmail/page` is an operation of the same service; list it in the session's `operations`",
        "calls`)",
    ),
    (
        "service.webmail.operation.page.calls=[\"imp/fetch\"]",
        "there is no service `imp`; did you mean `imap`?",
        "calls`)",
    ),
    (
        "service.webmail.operation.page.calls=[\"imap/fecth\"]",
        "there is no operation `fecth`; did you mean `fetch`?",
        "calls`)",
    ),
    (
        "service.imap.operation.fetch.calls=[\"webmail/page\"]",
        "`webmail/page` calls others itself, and calls go one deep",
        "calls`)",
    ),
    (
        "service.imap.operation.fetch={ cpu = \"1 ms\", reply = \"before\" }",
        "nobody waits for `imap/fetch` (`reply = \"before\"`), so nobody calls it",
        "calls.toml:",
    ),
    ("service.imap.operation.fetch.think=1 s", "a server calls `imap/fetch`, and servers don't `think`", "calls.toml:"),
    (
        "service.imap.operation.fetch={ reply = \"before\", think = \"1 s\" }",
        "nobody waits when `reply = \"before\"`; leave `think` and `calls` out",
        "calls.toml:",
    ),
    (
        "service.imap.tls_cpu=9 ms",
        "nothing of service `imap` is encrypted, so `tls_cpu` is about nothing",
        "calls.toml",
    ),
    (
        "service.imap.operation.fetch.reload_first=50 %",
        "`reload_first` is about changes of the configuration; write `reload_per_domain` too",
        "calls.toml:",
    ),
    (
        "service.imap.worker_for=operation",
        "`worker_for` of service `imap` is about its workers; write how many in `workers`",
        "calls.toml:",
    ),
];

/// The same over the shipped scenario with filters.
pub(super) const SCANNED: &[(&str, &str, &str)] = &[
    (
        "filter.antispam.place=filter-tier",
        "filter `antispam` has no machines to work on; write a `[node.filter]`",
        "isp-scanned.toml:",
    ),
    (
        "node={ primary = { tier = \"piii-1000\" }, data = { tier = \"piii-1000-raid\" }, \
         filter = { tier = \"piii-1000\" } }",
        "nothing runs on node `filter`; let a filter work there with `place = \"filter-tier\"`",
        "(in `--set node`)",
    ),
    (
        "filter.antispam.defer=60 %",
        "filter `antispam` has the message already when it looks at the content; write `stage = \"connection\"`",
        "isp-scanned.toml:",
    ),
    (
        "filter.reject-list.returns=60 %",
        "filter `reject-list` turns nobody away for now, so nobody comes back; write `defer` too",
        "isp-scanned.toml:",
    ),
    ("filter={ \"a/b\" = {} }", "a filter's name has no `/`", "(in `--set filter`)"),
];

/// The same over the theory scenario of a split, whose sessions are a bare stream.
pub(super) const SPLIT: &[(&str, &str, &str)] = &[
    (
        "monitor.interval=500 ms",
        "`interval` is `500 ms`; a monitor polls each second at most, and each hour at least",
        "(in `--set monitor.interval`)",
    ),
    ("monitor.interval=2 h", "`interval` is `2 h`; a monitor polls each second at most", "`--set monitor.interval`)"),
    ("monitor.fall=0", "`fall` is `0`; it must be between 1 and 100 checks in a row", "(in `--set monitor.fall`)"),
    ("monitor.rise=101", "`rise` is `101`; it must be between 1 and 100 checks in a row", "(in `--set monitor.rise`)"),
    (
        "monitor.timeout=0 s",
        "`timeout` is `0 s`; it must be above zero and at most the interval, `60 s`",
        "(in `--set monitor.timeout`)",
    ),
    (
        "monitor={ interval = \"10 s\", timeout = \"20 s\" }",
        "`timeout` is `20 s`; it must be above zero and at most the interval, `10 s`",
        "(in `--set monitor`)",
    ),
    (
        "monitor.phase=60 s",
        "`phase` is `60 s`; it must be less than the interval, `60 s`",
        "(in `--set monitor.phase`)",
    ),
    (
        "monitor.action_delay=0 s",
        "`action_delay` is `0 s`; no order is carried out at once, so write a time up to 1 h",
        "(in `--set monitor.action_delay`)",
    ),
    ("monitor.action_delay=2 h", "`action_delay` is `2 h`; no order is", "(in `--set monitor.action_delay`)"),
    ("monitor.kind=tcp", "unknown key `kind`; known here: `interval`", "(in `--set monitor.kind`)"),
    (
        "service.job.relogin=wrok",
        "`relogin` of service `job`: there is no operation `wrok`; did you mean `work`?",
        "split.toml:",
    ),
    (
        "routing.default.switch.algorithm=content",
        "the sessions of the bare stream `job` are for no domain, and `content` chooses by it; write another `algorithm` for \
         `job`, or a population",
        "split.toml",
    ),
    (
        "time.share_interval=1 ms",
        "`share_interval` is `1 ms`; it must be between a 10 000th of the window and all of it",
        "(in `--set time.share_interval`)",
    ),
    (
        "fault.x={ component = \"primary-9\", kind = \"stop\", at = \"9 s\" }",
        "there is no component `primary-9`; did you mean `primary-4`?",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"data\", kind = \"stop\", at = \"9 s\" }",
        "nobody asks `data` for anything, and nothing would be seen of the fault",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"dns\", kind = \"stop\", at = \"9 s\" }",
        "no service is found by DNS; write a `[routing.default.round-robin-dns]`, or leave the fault out",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"database\", kind = \"stop\", at = \"9 s\" }",
        "the directory is of kind `file`, and asks no database; write `directory = \"odbc\"`",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"site.main\", kind = \"stop\", at = \"9 s\" }",
        "there is no site `main`; known: none",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary-1.link\", kind = \"stop\", at = \"9 s\" }",
        "a link that fails is silent; write `kind = \"black-hole\"`",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"switch\", kind = \"maintenance\", at = \"9 s\" }",
        "it is primaries that are drained for a `maintenance`, not `switch`; let it `stop`",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary-1.os\", kind = \"slow\", at = \"9 s\", speed = 0.5 }",
        "it is machines that are `slow`, not `primary-1.os`; write the name of a node",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary-1.os\", kind = \"stop\", at = \"9 s\", loses_disk = true }",
        "it is machines that have a disk to lose; leave `loses_disk` out with `primary-1.os`",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary-1\", kind = \"hang\", at = \"9 s\", loses_disk = true }",
        "a machine without its disk stops; leave `loses_disk` out with `hang`",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary-1\", kind = \"stop\", at = \"9 s\", loses_disk = true }",
        "the disk of `primary-1` is found empty when it is repaired, and it never is; write how long it `lasts`",
        "(in `--set fault.x`)",
    ),
    (
        "switch.failover=1 s",
        "`failover` is about a second switch, and there is none; write `pair = true`, or leave it out",
        "(in `--set switch.failover`)",
    ),
    (
        "switch.keeps_connections=true",
        "`keeps_connections` is about a second switch, and there is none; write `pair = true`, or leave it out",
        "(in `--set switch.keeps_connections`)",
    ),
    ("switch={ pair = true, failover = \"1 h\" }", "it must be between 1 ms and 10 min", "(in `--set switch`)"),
    (
        "store.start_time=10 s",
        "no service has its mail on another node, and none waits for a share; leave `[store]` out",
        "(in `--set store.start_time`)",
    ),
    (
        "fault.x={ component = \"primary-1.jbo\", kind = \"stop\", at = \"9 s\" }",
        "there is no service `jbo`; did you mean `job`?",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary-1\", kind = \"stop\", at = \"09:30\" }",
        "`09:30` is no time at which something fails; write for example `\"600 s\"` after the warm-up",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary-1\", kind = \"stop\", at = \"2 h\" }",
        "`2 h` is after the end of the window; nothing would be seen of the fault",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary-1\", kind = \"stop\", at = \"9 s\", lasts = \"0 s\" }",
        "`lasts` must be above zero",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary-1\", kind = \"slow\", at = \"9 s\" }",
        "`primary-1` is slow; write how much is left of its `speed`, as `\"25 %\"`",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary-1\", kind = \"slow\", at = \"9 s\", speed = 1 }",
        "`speed` is `1`; what is left of it must be above 0 and below 1",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary-1.job\", kind = \"slow\", at = \"9 s\", speed = 0.5 }",
        "it is machines that are `slow`; leave the service out of `primary-1.job`",
        "(in `--set fault.x`)",
    ),
    (
        "fault.x={ component = \"primary-1\", kind = \"stop\", at = \"9 s\", speed = 0.5 }",
        "`speed` is for `slow` machines; leave it out with `stop`",
        "(in `--set fault.x`)",
    ),
    (
        "client_group={ all = { share = 1, timeout = \"0 s\" } }",
        "`timeout` must be above zero",
        "(in `--set client_group`)",
    ),
    (
        "dns={ cpu = \"1 ms\" }",
        "`[dns]` is about a name server of the cluster, and there is none; write a `[node.name-server]`",
        "split.toml",
    ),
];

/// The same over the theory scenario of two addresses.
pub(super) const DNS: &[(&str, &str, &str)] = &[
    (
        "routing.default.round-robin-dns.ttl=8 days",
        "resolvers keep nothing for longer than a week, so write at most that",
        "(in `--set routing.default.round-robin-dns.ttl`)",
    ),
    (
        "routing.default.round-robin-dns.rotation=cyclic",
        "unknown value `cyclic`",
        "(in `--set routing.default.round-robin-dns.rotation`)",
    ),
    (
        "routing.default.round-robin-dns.trips=0",
        "`trips` is `0`; it must be between 1, the zone's server alone, and 10",
        "(in `--set routing.default.round-robin-dns.trips`)",
    ),
    (
        "routing.default.round-robin-dns.round_trip=2 min",
        "`round_trip` is `120 s`; it must be at most a minute",
        "(in `--set routing.default.round-robin-dns.round_trip`)",
    ),
    (
        "routing.default.round-robin-dns.within={ clusters = 3 }",
        "`clusters` is `3`; there are 2 nodes, so it must be between 1 and 2",
        "(in `--set routing.default.round-robin-dns.within`)",
    ),
    (
        "routing.default.round-robin-dns.within={ clusters = 2 }",
        "how sessions find a node within a cluster is one of two things; write `switch` or `nlb`",
        "(in `--set routing.default.round-robin-dns.within`)",
    ),
    (
        "client_group.all.resolvers=0",
        "`resolvers` is `0`; it must be between 1 and 100000",
        "(in `--set client_group.all.resolvers`)",
    ),
    (
        "client_group.all.resolver_skew=-1.0",
        "`resolver_skew` is `-1`; it must be between 0, as many clients each, and 3",
        "(in `--set client_group.all.resolver_skew`)",
    ),
    (
        "client_group.all.resolver_rtt=2 min",
        "`resolver_rtt` is `120 s`; it must be at most a minute",
        "(in `--set client_group.all.resolver_rtt`)",
    ),
    ("client_group.all.stretch_to=2 years", "unknown unit `years`", "(in `--set client_group.all.stretch_to`)"),
    ("client_group.all.stretch_to=400 days", "it must be at most a year", "(in `--set client_group.all.stretch_to`)"),
    (
        "client_group.all.address_choice=pinned",
        "with `pinned` all clients stay with the first address that they took; leave `pinners` out",
        "dns.toml:",
    ),
    (
        "client_group.all.pin_life=0 s",
        "`pin_life` is `0 s`; it must be above zero and at most a year",
        "(in `--set client_group.all.pin_life`)",
    ),
    (
        "node.data.address=\"192.0.2.9\"",
        "`address` is for primaries that clients find by DNS; leave it out of node `data`",
        "(in `--set node.data.address`)",
    ),
    ("node.primary.address=\"192.0.2\"", "invalid IPv4 address syntax", "(in `--set node.primary.address`)"),
    (
        "routing={ default = { switch = { algorithm = \"random\" } } }",
        "`resolvers` is about DNS, and no service is reached by it; leave it out, or write a \
         `[routing.default.round-robin-dns]`",
        "dns.toml:",
    ),
];

/// The same over the shipped scenario of 33 hosts that balance by themselves.
pub(super) const NLB: &[(&str, &str, &str)] = &[
    (
        "routing.default.switch.check={}",
        "`check` is about nodes, and this switch chooses among clusters of them; leave it out",
        "nlb-33-hosts.toml:",
    ),
    (
        "routing.default={ switch = { algorithm = \"random\", within = { clusters = 2 } } }",
        "behind a switch the hosts of each cluster balance by themselves; write `nlb = {}` and no `switch`",
        "(in `--set routing.default`)",
    ),
    (
        "routing.default={ round-robin-dns = { within = { clusters = 2, switch = { algorithm = \"random\", within = { clusters \
         = 2, nlb = {} } } } } }",
        "a switch behind DNS stands before nodes; leave its `within` out",
        "(in `--set routing.default`)",
    ),
    (
        "routing.default={ round-robin-dns = { within = { clusters = 1, nlb = {} } } }",
        "a cluster of Network Load Balancing has at most 32 hosts, not 33",
        "(in `--set routing.default`)",
    ),
    (
        "routing.default={ nlb = {} }",
        "a cluster of Network Load Balancing has at most 32 hosts, not 33; put a switch in front of 2: `within = { clusters = \
         2, nlb = {} }` in `[routing.default.switch]`",
        "(in `--set routing.default`)",
    ),
    (
        "node.primary.count=66",
        "a cluster of Network Load Balancing has at most 32 hosts, not 33; write more `clusters`",
        "nlb-33-hosts.toml:",
    ),
    (
        "routing.default.switch.within.clusters=1",
        "`clusters` is `1`; it must be between 2 and the number of nodes, 33; leave `within` out for one",
        "within.clusters`)",
    ),
    (
        "routing.smtp={ switch = { algorithm = \"random\", within = { clusters = 2, nlb = { heartbeat = \"2 s\" } } } }",
        "hosts that `pop3` shares with another service are one cluster, and agree on `heartbeat`, `heartbeats_missed`",
        "nlb-33-hosts.toml:",
    ),
    (
        "routing.default.switch.within.nlb.buckets=8",
        "`buckets` is `8`; it must be between `32` and `65536`",
        "nlb.buckets`)",
    ),
    (
        "routing.default.switch.within.nlb.heartbeat=20 s",
        "`heartbeat` is `20 s`; it must be between `100 ms` and `10 s`",
        "nlb.heartbeat`)",
    ),
    (
        "routing.default.switch.within.nlb.heartbeats_missed=2",
        "`heartbeats_missed` is `2`; it must be between `5` and `100`",
        "nlb.heartbeats_missed`)",
    ),
    (
        "routing.default.switch.within.nlb.convergence=2 h",
        "`convergence` is `2 h`; it must be between `0 s` and `60 min`",
        "nlb.convergence`)",
    ),
    (
        "routing.default.switch.within.nlb.filter_cpu=2 s",
        "`filter_cpu` is `2 s`; it must be between `0 s` and `1 s`",
        "nlb.filter_cpu`)",
    ),
    (
        "routing.default.switch.within.nlb.packet=10 B",
        "`packet` is `10 B`; it must be between `64 B` and `65536 B`",
        "nlb.packet`)",
    ),
    (
        "routing.default.switch.within.nlb.weights={ primary-34 = 1 }",
        "there is no host `primary-34`; did you mean `primary-3",
        "nlb.weights`)",
    ),
    (
        "routing.default.switch.within.nlb.weights={ primary-3 = 300 }",
        "`primary-3` is `300`; it must be between `0` and `256`",
        "nlb.weights`)",
    ),
    (
        "routing.default={ switch = { algorithm = \"random\", within = { clusters = 33, nlb = { weights = { primary-3 = 0 } } } } }",
        "every host that could take the sessions of `pop3` is blocked; give one of them a weight above 0, for example \
         `primary-3`",
        "(in `--set routing.default`)",
    ),
    (
        "fault.x={ component = \"primary-3.smtp\", kind = \"maintenance\", at = \"60 s\" }",
        "it is machines that are drained for a `maintenance`; leave the service out of `primary-3.smtp`",
        "(in `--set fault.x`)",
    ),
];

/// The same over the theory scenario of connections that stay open.
pub(super) const STANDING: &[(&str, &str, &str)] = &[
    (
        "service.imap.relogin=login",
        "a session of `imap` has a connection for each page; leave `relogin` or `stays` out",
        "",
    ),
    ("arrivals.phone.stays=0 s", "`stays` is `0 s`; it must be above zero and at most a week", "phone.stays`)"),
    ("arrivals.phone.stays=8 days", "it must be above zero and at most a week", "phone.stays`)"),
    ("arrivals.phone.visit.every=0 s", "`every` must be above zero", "visit.every`)"),
    (
        "arrivals.phone.visit.every=1 ns",
        "a second, and at most ten million can be simulated; take a lower rate",
        "standing.toml:",
    ),
    (
        "arrivals.phone.rate=2000000 /s",
        "connections of `phone` would stand open, and at most a hundred million",
        "standing.toml:",
    ),
    (
        "arrivals.phone={ service = \"imap\", rate = \"1 /s\", operations = [\"login\"], \
         visit = { every = \"9 s\", operations = [] } }",
        "nothing happens on a connection that is closed; write how long it `stays` too",
        "(in `--set arrivals.phone`)",
    ),
    (
        "arrivals.phone={ service = \"imap\", rate = \"1 /s\", operations = [\"login\"], reconnect = \"9 s\" }",
        "a connection that is closed does not break; write how long it `stays` too",
        "(in `--set arrivals.phone`)",
    ),
    (
        "arrivals.phone.visit.operations=[\"snyc\"]",
        "there is no operation `snyc`; did you mean `sync`?",
        "operations`)",
    ),
];

/// The same over the scenario of the directory, whose users are in a file.
pub(super) const DIRECTORY: &[(&str, &str, &str)] = &[
    ("directory.cpu=2 min", "`cpu` is `120 s`; it is at most `60 s`", "(in `--set directory.cpu`)"),
    (
        "directory.round_trip=1 ms",
        "`round_trip` is about a directory of kind `odbc`, and this one is `file`; leave it out",
        "(in `--set directory.round_trip`)",
    ),
    (
        "directory.database_cpu=1 ms",
        "`database_cpu` is about a directory of kind `odbc`, and this one is `file`",
        "(in `--set directory.database_cpu`)",
    ),
    (
        "node={ primary = { tier = \"piii-1000\" }, database = { tier = \"piii-1000\" } }",
        "there is a database node, and nobody asks it",
        "directory.toml:",
    ),
    (
        "directory.ram_per_account=1 KB",
        "`ram_per_account` is about a directory of kind `memory-mapped`, and this one is `file`",
        "(in `--set directory.ram_per_account`)",
    ),
];

/// Conditions of `compare`, the message, and the line of the caret.
pub(super) const CONDITIONS: &[(&str, &str, &str)] = &[
    ("pop3.p95_s", "`pop3.p95_s` compares nothing; write for example `pop3.p95_s > +10 %`", "^^^^^^^^^^"),
    ("p95_s > +10 %", "`p95_s` is not `SERVICE.FIGURE`; write for example `pop3.p95_s`", "^^^^^"),
    ("pop3.p95 > +10 %", "there is no figure `p95`; did you mean `p95_s`?", "     ^^^"),
    ("pop3.p95_s.login > +1 %", "`p95_s` is one of the whole service; leave `.login` out", "           ^^^^^"),
    ("pop.p95_s > +10 %", "there is no compared service `pop`; did you mean `pop3`?", "^^^"),
    (
        "pop3.late_ratio.login > +0.1",
        "there is no level of this service `login`; did you mean `pop3-login`?",
        "                ^^^^^",
    ),
    (
        "pop3.p95_s > 10 %",
        "`10 %` is not a change; write it with its sign, such as `+10 %` or `+50 ms`",
        "             ^^^^",
    ),
    ("pop3.p95_s >", "`` is not a change; write it with its sign", "            ^"),
    ("pop3.p95_s > +0.5", "`0.5` has no unit; a time is written with one", "             ^^^^"),
    ("pop3.p95_s > +x %", "`+x %` is not a change; write for example `+10 %` or `+50 ms`", "             ^^^^"),
    ("pop3.p95_s > +-1 %", "`+-1 %` is not a change; write for example", "             ^^^^^"),
    (
        "pop3.lost_ratio > +1 %",
        "`+1 %` of a share could be of the share or of all sessions; write a part of all sessions, such as `+0.01`",
        "                  ^^^^",
    ),
    (
        "pop3.lost_ratio > +2",
        "`+2` is not a change of a share; write a number of at most 1, such as `+0.01`",
        "                  ^^",
    ),
    ("pop3.throughput_per_s < -1", "`1` has no unit; a rate is written with one", "                        ^^"),
];

/// The same over the shipped scenario in which one of three servers stops.
pub(super) const FAILING: &[(&str, &str, &str)] = &[
    ("store.start_time=2 days", "`start_time` is `2 days`; it is at most `24 h`", "(in `--set store.start_time`)"),
    (
        "store.restart_after=1 h",
        "services that depend on the store need nobody to start them; leave `restart_after` out, or write `depends = false`",
        "(in `--set store.restart_after`)",
    ),
    (
        "store={ depends = false, restart_after = \"8 days\" }",
        "`restart_after` is `8 days`; it is at most",
        "(in `--set store`)",
    ),
];
