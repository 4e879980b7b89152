//! How far each node is used over time, as a map: a row for each of its resources, a column for each interval.
//!
//! The mean of the replications is shown, so that what comes back at the same hour stands out from what is chance. Rows of one
//! node stand together. Of many nodes that are alike the busiest and the least busy stand for all.

use super::canvas::{Canvas, GREY, INK, MARGIN, PALE, Side, finding_lines, shortened, svg, width_of, wrapped};
use super::palette::{VERMILLION, share_of_all};
use super::time::Times;
use crate::experiment::Record;
use crate::report::number;
use crate::report::utilisation::{Interval, intervals, nodes};
use crate::scenario::Scenario;
use crate::stats::Estimate;
use plotters::style::{Color, WHITE};

const WIDTH: f64 = 960.0;
const LEFT: f64 = 190.0;
const PLOT: f64 = 600.0;
const ROW: f64 = 18.0;
/// Between two nodes.
const GAP: f64 = 7.0;
const SMALL: f64 = 11.5;
/// More rows than these are a pattern and no list.
const MOST_ROWS: usize = 30;
/// What is used less than this at all times is not shown.
const LEAST: f64 = 0.02;
/// Faults that have room above the map.
const MOST_FAULTS: usize = 4;
const LANE: f64 = 15.0;
/// Where the colours end: at the least of these that covers all, lest a cluster with room look like night.
const FULL: [f64; 4] = [0.1, 0.25, 0.5, 1.0];
/// Nodes that are alike and differ by no more than this part do the same, and none is to be named.
const EVEN: f64 = 0.05;
/// A greatest interval that is no more than this part above the mean is chance.
const STEADY: f64 = 0.15;

/// A resource of a node.
struct Row {
    resource: &'static str,
    used: Vec<Estimate>,
    mean: f64,
    /// The interval in which it is used most, and how far.
    most: (usize, f64),
}

/// The rows of a node that are shown.
struct Group {
    node: usize,
    rows: Vec<Row>,
}

impl Group {
    fn most(&self) -> f64 {
        self.rows.iter().map(|row| row.most.1).fold(0.0, f64::max)
    }
}

/// The chart of a run; none without replications.
#[must_use]
pub fn utilisation(scenario: &Scenario, records: &[Record]) -> Option<String> {
    let intervals = intervals(records);
    let (shown, left_out) = chosen(scenario, groups(records, &intervals));
    let (group, row) = shown
        .iter()
        .flat_map(|group| group.rows.iter().map(move |row| (group, row)))
        .reduce(|best, next| if next.1.most.1 > best.1.most.1 { next } else { best })?;
    let window_s = intervals.iter().map(|interval| interval.length_s).sum();
    let times = Times { has_clock: scenario.has_clock, window_s };
    let peak = (group.node, row.resource);
    let full = FULL.into_iter().find(|full| row.most.1 <= *full).unwrap_or(1.0);
    let map = Map { scenario, intervals: &intervals, times, peak, full };
    let finding = finding(&map, &shown, row);
    let measure = format!(
        "work done over capacity, in intervals of {}; {}",
        number::seconds(intervals[0].length_s),
        match records.len() {
            1 => "a single run".to_owned(),
            many => format!("mean of {many} replications"),
        }
    );
    let (title, under) = finding_lines(&finding, WIDTH);
    let faults = map.faults();
    let top = under + 31.0 + faults.len().min(MOST_FAULTS) as f64 * LANE + 30.0;
    let notes: Vec<String> = left_out.iter().flat_map(|note| wrapped(note, SMALL, WIDTH - 2.0 * MARGIN)).collect();
    let rows: usize = shown.iter().map(|group| group.rows.len()).sum();
    let bottom = top + rows as f64 * ROW + shown.len().saturating_sub(1) as f64 * GAP;
    let height = bottom + 118.0 + notes.len() as f64 * 16.0;
    Some(svg(&finding, (WIDTH, height), |canvas| {
        canvas.finding(&title);
        canvas.text(&measure, (MARGIN, under + 9.0), Side::Right, 12.5, GREY);
        map.draw_rows(canvas, &shown, top);
        map.draw_faults(canvas, &faults, (top, bottom));
        map.draw_peak(canvas, &shown, top);
        map.draw_times(canvas, bottom);
        draw_scale(canvas, map.full, bottom + 62.0);
        for (line, text) in notes.iter().enumerate() {
            canvas.text(text, (MARGIN, bottom + 102.0 + line as f64 * 16.0), Side::Right, SMALL, GREY);
        }
        let (name, seed) = (&scenario.name, scenario.seed);
        canvas.text(&format!("{name}, seed {seed}"), (MARGIN, height - 12.0), Side::Right, SMALL, GREY);
    }))
}

/// What the map shows, in a sentence: which resource is used most, and when, if it makes a difference when.
fn finding(map: &Map<'_>, shown: &[Group], row: &Row) -> String {
    let nodes = &map.scenario.cluster.nodes;
    let (own, resource) = (&nodes[map.peak.0], row.resource);
    let alike = shown.iter().filter(|group| nodes[group.node].is_like(own));
    let means: Vec<f64> =
        alike.flat_map(|group| group.rows.iter().filter(|row| row.resource == resource).map(|row| row.mean)).collect();
    let kind = nodes.iter().filter(|node| node.is_like(own)).count();
    let is_even = means.iter().all(|mean| (mean / row.mean - 1.0).abs() <= EVEN);
    let what = match kind {
        kind if kind > 1 && means.len() > 1 && is_even => format!("{} {resource} is busiest", own.role.name()),
        _ => format!("{} {resource} is busiest", own.name),
    };
    let (mean, most) = (percent(row.mean), percent(row.most.1));
    match row.most.1 <= (1.0 + STEADY) * row.mean {
        true => format!("{what}: {mean} all along"),
        false => format!("{what}: {mean} on average, {most} {}", map.moment(row.most.0)),
    }
}

/// Every resource of every node that there is to use up.
fn groups(records: &[Record], intervals: &[Interval]) -> Vec<Group> {
    let window_s: f64 = intervals.iter().map(|interval| interval.length_s).sum();
    let row = |resource, used: Vec<Estimate>| {
        let mut most = None;
        let mut work_s = 0.0;
        for (index, (used, interval)) in used.iter().zip(intervals).enumerate() {
            let used = used.estimate?;
            work_s += used * interval.length_s;
            if most.is_none_or(|(_, greatest)| used > greatest) {
                most = Some((index, used));
            }
        }
        Some(Row { resource, used, mean: work_s / window_s, most: most? })
    };
    let of = |(node, used): (usize, crate::report::utilisation::NodeUse)| {
        let rows = [row("CPU", used.cpu), row("disk", used.disk), row("link", used.link)];
        Group { node, rows: rows.into_iter().flatten().collect() }
    };
    nodes(records).into_iter().enumerate().map(of).collect()
}

/// What is shown, and notes on what is not.
fn chosen(scenario: &Scenario, mut groups: Vec<Group>) -> (Vec<Group>, Vec<String>) {
    let mut notes = Vec::new();
    let busiest = groups.iter().map(Group::most).fold(0.0, f64::max);
    let count = |groups: &[Group]| groups.iter().map(|group| group.rows.len()).sum::<usize>();
    let all = count(&groups);
    for group in &mut groups {
        group.rows.retain(|row| row.most.1 >= LEAST.min(busiest));
    }
    groups.retain(|group| !group.rows.is_empty());
    if count(&groups) < all {
        notes.push(match all - count(&groups) {
            1 => format!("Not shown: one resource that is never used to {}.", percent(LEAST)),
            some => format!("Not shown: {some} resources that are never used to {}.", percent(LEAST)),
        });
    }
    let nodes = groups.len();
    if count(&groups) > MOST_ROWS {
        groups = extremes(scenario, groups);
        notes.push(format!(
            "Not shown: {} nodes that are neither the busiest nor the least busy of their kind; `utilisation.csv` has \
             them all.",
            nodes - groups.len()
        ));
    }
    (groups, notes)
}

/// The busiest and the least busy node of each kind; the busiest kinds where there is no room for all.
fn extremes(scenario: &Scenario, groups: Vec<Group>) -> Vec<Group> {
    let mut kinds: Vec<Vec<Group>> = Vec::new();
    for group in groups {
        let node = |group: &Group| &scenario.cluster.nodes[group.node];
        match kinds.iter_mut().find(|kind| node(&kind[0]).is_like(node(&group))) {
            Some(kind) => kind.push(group),
            None => kinds.push(vec![group]),
        }
    }
    let mut kept: Vec<Group> = Vec::new();
    for mut kind in kinds {
        kind.sort_by(|a, b| b.most().total_cmp(&a.most()).then(a.node.cmp(&b.node)));
        if kind.len() > 2 {
            kind.drain(1..kind.len() - 1);
        }
        kept.extend(kind);
    }
    kept.sort_by(|a, b| b.most().total_cmp(&a.most()).then(a.node.cmp(&b.node)));
    let mut rows = 0;
    kept.retain(|group| {
        rows += group.rows.len();
        rows <= MOST_ROWS
    });
    kept.sort_by_key(|group| group.node);
    kept
}

/// What all parts of the picture share.
struct Map<'a> {
    scenario: &'a Scenario,
    intervals: &'a [Interval],
    times: Times,
    /// The node and the resource that are used most.
    peak: (usize, &'static str),
    /// The share that has the last colour.
    full: f64,
}

/// A fault as far as it lies in the window.
struct Spell {
    what: String,
    from_s: f64,
    to_s: f64,
}

impl Map<'_> {
    fn x(&self, at_s: f64) -> f64 {
        LEFT + PLOT * (at_s / self.times.window_s).clamp(0.0, 1.0)
    }

    /// When the interval begins, in a sentence.
    fn moment(&self, interval: usize) -> String {
        let moment = self.times.moment(self.intervals[interval].begin_s);
        if self.scenario.has_clock { format!("at {moment}") } else { format!("after {moment}") }
    }

    fn draw_rows(&self, canvas: &Canvas<'_>, shown: &[Group], top: f64) {
        for (head, x) in [("mean", 840.0), ("most", 892.0)] {
            canvas.text(head, (x, top - 11.0), Side::Left, SMALL, GREY);
        }
        canvas.text("when", (902.0, top - 11.0), Side::Right, SMALL, GREY);
        for (group, y) in shown.iter().zip(tops(shown, top)) {
            let middle = y + group.rows.len() as f64 * ROW / 2.0;
            let name = shortened(&self.scenario.cluster.nodes[group.node].name, 12.5, 125.0);
            canvas.text(&name, (140.0, middle), Side::Left, 12.5, INK);
            for (line, row) in group.rows.iter().enumerate() {
                let y = y + line as f64 * ROW;
                canvas.text(row.resource, (LEFT - 8.0, y + ROW / 2.0), Side::Left, SMALL, GREY);
                self.draw_cells(canvas, row, y);
                let at = self.times.mark(self.intervals[row.most.0].begin_s);
                canvas.text(&percent(row.mean), (840.0, y + ROW / 2.0), Side::Left, SMALL, INK);
                canvas.text(&percent(row.most.1), (892.0, y + ROW / 2.0), Side::Left, SMALL, INK);
                canvas.text(&at, (902.0, y + ROW / 2.0), Side::Right, SMALL, INK);
            }
        }
    }

    /// Neighbours of one colour are one cell, and a cell lies under the next one a little, lest the ground shine through.
    fn draw_cells(&self, canvas: &Canvas<'_>, row: &Row, y: f64) {
        let step = |index: usize| row.used[index].estimate.map(|used| (used / self.full * 100.0).round() as i64);
        let (mut index, count) = (0, row.used.len());
        while index < count {
            let own = step(index);
            let end = (index + 1..count).find(|next| step(*next) != own).unwrap_or(count);
            let from = self.x(self.intervals[index].begin_s);
            let to = if end < count { self.x(self.intervals[end].begin_s) + 0.5 } else { LEFT + PLOT };
            let colour = own.map_or(PALE, |own| share_of_all(own as f64 / 100.0));
            canvas.block(((from, y), (to, y + ROW - 1.0)), colour);
            index = end;
        }
    }

    /// The cell that the title is about.
    fn draw_peak(&self, canvas: &Canvas<'_>, shown: &[Group], top: f64) {
        let all = shown.iter().zip(tops(shown, top)).flat_map(|(group, y)| {
            group.rows.iter().enumerate().map(move |(line, row)| (group.node, row, y + line as f64 * ROW))
        });
        for (_, row, y) in all.filter(|(node, row, _)| (*node, row.resource) == self.peak) {
            let interval = self.intervals[row.most.0];
            let (from, to) = (self.x(interval.begin_s), self.x(interval.begin_s + interval.length_s));
            let middle = (from + to) / 2.0;
            canvas.line(&[(middle, top - 4.0), (middle, y)], WHITE.mix(0.7), 2.5);
            canvas.line(&[(middle, top - 4.0), (middle, y)], INK, 1.0);
            canvas.frame(((from - 1.5, y - 1.5), (to + 1.5, y + ROW + 0.5)), WHITE, 1.5);
            canvas.frame(((from - 2.5, y - 2.5), (to + 2.5, y + ROW + 1.5)), INK, 1.0);
            let used = number::estimate(&row.used[row.most.0], percent);
            let text = format!("{used} {}", self.moment(row.most.0));
            let half = width_of(&text, 12.0) / 2.0;
            let x = middle.clamp(LEFT + half, LEFT + PLOT - half);
            canvas.block(((x - half - 4.0, top - 20.0), (x + half + 4.0, top - 4.0)), WHITE);
            canvas.text(&text, (x, top - 12.0), Side::Middle, 12.0, INK);
        }
    }

    /// Of what the cluster has, in the order of the script.
    fn faults(&self) -> Vec<Spell> {
        let present = self.scenario.faults.iter().filter(|fault| self.scenario.has(&fault.component));
        let spells = present.map(|fault| Spell {
            what: format!("{}: {}", fault.written, fault.kind.name()),
            from_s: fault.span.begins.as_secs_f64(),
            to_s: fault.span.ends.as_secs_f64().min(self.times.window_s),
        });
        spells.filter(|spell| spell.from_s < self.times.window_s).collect()
    }

    /// A bar above the map for each, and lines through it where one begins and ends.
    fn draw_faults(&self, canvas: &Canvas<'_>, faults: &[Spell], (top, bottom): (f64, f64)) {
        let lanes = faults.len().min(MOST_FAULTS);
        for (lane, fault) in faults.iter().take(MOST_FAULTS).enumerate() {
            let y = top - 30.0 - (lanes - lane) as f64 * LANE + LANE / 2.0;
            let (from, to) = (self.x(fault.from_s), self.x(fault.to_s));
            canvas.block(((from, y - 3.0), (to.max(from + 2.0), y + 3.0)), VERMILLION);
            for x in [from, to] {
                canvas.dashes(&[(x, y), (x, bottom)], WHITE, 1.5, 3.0);
                canvas.dashes(&[(x, y), (x, bottom)], VERMILLION, 1.0, 3.0);
            }
            let more = faults.len() - lanes;
            let text = match more {
                more if more > 0 && lane + 1 == lanes => format!("{}, and {more} more faults", fault.what),
                _ => fault.what.clone(),
            };
            let room = WIDTH - 24.0 - to;
            if width_of(&text, SMALL) <= room {
                canvas.text(&text, (to + 6.0, y), Side::Right, SMALL, INK);
            } else {
                canvas.text(&shortened(&text, SMALL, from - 16.0), (from - 6.0, y), Side::Left, SMALL, INK);
            }
        }
    }

    fn draw_times(&self, canvas: &Canvas<'_>, bottom: f64) {
        for (at_s, name) in self.times.marks() {
            let x = self.x(at_s);
            canvas.line(&[(x, bottom), (x, bottom + 5.0)], GREY, 1.0);
            canvas.text(&name, (x, bottom + 14.0), Side::Middle, SMALL, INK);
        }
        canvas.text(&self.times.title(), (LEFT + PLOT / 2.0, bottom + 33.0), Side::Middle, 12.0, GREY);
    }
}

/// Where each node begins.
fn tops(shown: &[Group], top: f64) -> Vec<f64> {
    let mut y = top;
    let begin = |group: &Group| {
        let begins = y;
        y += group.rows.len() as f64 * ROW + GAP;
        begins
    };
    shown.iter().map(begin).collect()
}

/// What the colours mean.
fn draw_scale(canvas: &Canvas<'_>, full: f64, y: f64) {
    const LONG: f64 = 300.0;
    for step in 0..100 {
        let from = LEFT + LONG * f64::from(step) / 100.0;
        let to = (from + LONG / 100.0 + 0.5).min(LEFT + LONG);
        canvas.block(((from, y - 5.0), (to, y + 5.0)), share_of_all(f64::from(step) / 100.0));
    }
    canvas.text("used", (LEFT - 8.0, y), Side::Left, SMALL, GREY);
    for quarter in 0..=4 {
        let share = f64::from(quarter) / 4.0;
        let x = LEFT + LONG * share;
        canvas.line(&[(x, y + 5.0), (x, y + 8.0)], GREY, 1.0);
        canvas.text(&number::ratio(share * full), (x, y + 15.0), Side::Middle, 11.0, INK);
    }
    if full < 1.0 {
        let text = format!("colours end at {}", number::ratio(full));
        canvas.text(&text, (LEFT + LONG + 24.0, y), Side::Right, SMALL, GREY);
    }
}

/// As precise as a glance.
fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent >= 9.95 { format!("{percent:.0} %") } else { format!("{percent:.1} %") }
}
