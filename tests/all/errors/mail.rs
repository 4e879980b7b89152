//! What can be said about mail that travels wrongly.

/// Options over the scenario of configuration 2, with the message and the place.
pub(crate) const WITH_BACKUP: &[(&str, &str, &str)] = &[
    (
        "sender={ a = { share = \"50 %\" }, b = { share = \"40 %\" } }",
        "the shares of the senders add up to `0.9`; they must add up to 1",
        "sender`)",
    ),
    ("sender={ a = { servers = 0 } }", "`servers` is `0`; it must be between 1 and 100000", "(in `--set sender`)"),
    ("sender={ a = { servres = 1 } }", "unknown key `servres`; did you mean `servers`?", "sender`)"),
    (
        "sender={ a = { delivery = { concurrency = 5 } } }",
        "`concurrency` is about each server, and each message has one to itself; write `servers` too",
        "(in `--set sender`)",
    ),
    (
        "sender={ a = { delivery = { pause = \"5 s\" } } }",
        "`pause` is about each server, and each message has one to itself",
        "(in `--set sender`)",
    ),
    ("sender={ a = { delivery = { scan = \"0 s\" } } }", "`scan` must be above zero", "(in `--set sender`)"),
    ("sender={ a = { delivery = { scan = 300 } } }", "write a time", "sender`)"),
    ("sender={ a = { delivery = { lifetime = \"0 s\" } } }", "`lifetime` must be above zero", "(in `--set sender`)"),
    (
        "sender={ a = { delivery = { connect_timeout = \"0 s\" } } }",
        "`connect_timeout` must be above zero",
        "(in `--set sender`)",
    ),
    (
        "sender={ a = { delivery = { phase = \"300 s\" } } }",
        "`phase` is `300 s`; it must be below `scan`, `300 s`",
        "(in `--set sender`)",
    ),
    (
        "sender={ a = { delivery = { maximal_backoff = \"200 s\" } } }",
        "`maximal_backoff` is `200 s`; it must be at least `minimal_backoff`, `300 s`",
        "(in `--set sender`)",
    ),
    (
        "backup.delivery.initial_concurrency=30",
        "`initial_concurrency` is `30`; it must be between 1 and 20",
        "(in `--set backup.delivery.initial_concurrency`)",
    ),
    (
        "backup.delivery.concurrency=0",
        "`concurrency` is `0`; it must be between 1 and 100000",
        "(in `--set backup.delivery.concurrency`)",
    ),
    ("backup.rtt=20", "write a time", "backup.rtt`)"),
    ("backup.bandwidth=10", "write a", "backup.bandwidth`)"),
    ("mx.ttl=2 years", "unknown unit", "mx.ttl`)"),
    ("mx.ttl=53 weeks", "`ttl` is `371 days`; it must be at most a year", "(in `--set mx.ttl`)"),
    ("mx.lookup=2 min", "`lookup` is `120 s`; it must be at most a minute", "(in `--set mx.lookup`)"),
    (
        "client_group.office.retries=1001",
        "`retries` is `1001`; it must be at most 1000",
        "(in `--set client_group.office.retries`)",
    ),
    (
        "client_group.office.retry_interval=60 s",
        "clients of `office` never try again; write how often as `retries`, or leave `retry_interval` out",
        "(in `--set client_group.office.retry_interval`)",
    ),
    (
        "service.smtp.operation.relay.delivers=false",
        "no operation delivers the messages that leave the cluster; write `delivers = true` in the one that does",
        "",
    ),
    (
        "service.smtp.operation.deposit.messages=all",
        "operations `deposit` and `relay` both deliver the messages that leave the cluster",
        "",
    ),
    (
        "service.smtp.operation.accept={ reply = \"before\", client_transfer = \"none\", round_trips = 0 }",
        "no operation takes the messages: one that is done per message, and that the client waits for",
        "",
    ),
];

/// Options over the scenario of the regional ISP, which has no backup.
pub(crate) const WITHOUT: &[(&str, &str, &str)] = &[(
    "backup.rtt=20 ms",
    "there is no backup; write a `[node.backup]` with its `tier`, or leave `[backup]` out",
    "(in `--set backup.rtt`)",
)];

/// Options over a bare stream that carries no mail.
pub(crate) const NO_MAIL: &[(&str, &str, &str)] = &[
    (
        "sender={ a = {} }",
        "no mail comes from outside; leave the senders out, or write `from_outside = true` in a session",
        "(in `--set sender`)",
    ),
    ("mx={}", "no mail comes from outside, so nobody looks up where it goes; leave `[mx]` out", "(in `--set mx`)"),
    (
        "arrivals.job.from_outside=true",
        "the sessions of `job` carry no mail, so it matters little where they come from; write `delivers = true`",
        "(in `--set arrivals.job.from_outside`)",
    ),
    (
        "service.job.operation.work.delivers=true",
        "operation `work` delivers, and is done once; write `times = \"per-message\"` or `\"per-recipient\"`",
        "",
    ),
];
