//! The share of each node in the sessions of a service over time.
//!
//! One replication is shown, since herds and turns of balancers are at other times in another one and vanish in a mean.

use super::palette::colour;
use super::time::unit;
use crate::experiment::Record;
use crate::scenario::Scenario;
use plotters::prelude::*;

const WIDTH: u32 = 900;
const PANEL: u32 = 260;
/// The list of nodes beside a panel, and how many of them have room there.
const LEGEND: u32 = 150;
const LISTED: usize = 12;
const LINE: i32 = 18;

/// The chart of one replication, a panel for each service; none where nothing distributes sessions.
#[must_use]
pub fn shares(scenario: &Scenario, record: &Record) -> Option<String> {
    let observed = record.observed.shares.as_ref()?;
    let shown: Vec<usize> =
        (0..scenario.services.len()).filter(|index| !observed.services[*index].is_empty()).collect();
    if shown.is_empty() {
        return None;
    }
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, (WIDTH, PANEL * shown.len() as u32)).into_drawing_area();
        area.fill(&WHITE).expect("text takes every shape");
        for (panel, service) in area.split_evenly((shown.len(), 1)).iter().zip(shown) {
            let nodes: Vec<&str> =
                scenario.cluster.servers(service).map(|node| scenario.cluster.nodes[node].name.as_str()).collect();
            let title =
                format!("{}: share of each node, replication {}", scenario.services[service].name, record.replication);
            let window_s = record.observed.window_ns as f64 / 1e9;
            let interval_s = observed.interval_ns as f64 / 1e9;
            draw(panel, &title, &nodes, &observed.services[service], (interval_s, window_s))
                .expect("text takes every shape");
        }
        area.present().expect("text takes every shape");
    }
    Some(text)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

/// One panel: the nodes on top of each other, from 0 to 100 %.
fn draw(
    panel: &Area<'_>,
    title: &str,
    nodes: &[&str],
    intervals: &[Vec<u32>],
    (interval_s, window_s): (f64, f64),
) -> Result<(), Box<dyn std::error::Error>> {
    let (unit, seconds) = unit(window_s);
    let (plot, legend) = panel.split_horizontally(WIDTH - LEGEND);
    let mut chart = ChartBuilder::on(&plot)
        .caption(title, ("sans-serif", 16))
        .margin(10)
        .x_label_area_size(38)
        .y_label_area_size(52)
        .build_cartesian_2d(0.0..window_s / seconds, 0.0..100.0)?;
    chart
        .configure_mesh()
        .disable_mesh()
        .x_desc(format!("time after the warm-up, {unit}"))
        .y_desc("sessions sent there, %")
        .y_labels(11)
        .x_label_formatter(&|x| format!("{x}"))
        .y_label_formatter(&|y| format!("{y:.0}"))
        .label_style(("sans-serif", 12))
        .draw()?;
    // Below which everything was drawn, interval by interval; where nobody came there is nothing to see.
    let mut below = vec![0.0; intervals.len()];
    for (place, name) in nodes.iter().enumerate() {
        let (mut upper, mut lower) = (Vec::new(), Vec::new());
        for (number, counts) in intervals.iter().enumerate() {
            let all: u32 = counts.iter().sum();
            let share = if all == 0 { 0.0 } else { 100.0 * f64::from(counts[place]) / f64::from(all) };
            let from = number as f64 * interval_s / seconds;
            let to = ((number + 1) as f64 * interval_s).min(window_s) / seconds;
            lower.extend([(from, below[number]), (to, below[number])]);
            below[number] += share;
            upper.extend([(from, below[number]), (to, below[number])]);
        }
        upper.extend(lower.into_iter().rev());
        chart.draw_series([Polygon::new(upper, colour(place).filled())])?;
        list(&legend, place, name, nodes.len())?;
    }
    Ok(())
}

/// A node in the list; the last line stands for all that have no room.
fn list(legend: &Area<'_>, place: usize, name: &str, nodes: usize) -> Result<(), Box<dyn std::error::Error>> {
    if place >= LISTED {
        return Ok(());
    }
    let y = 40 + place as i32 * LINE;
    let cut = place + 1 == LISTED && nodes > LISTED;
    let label = if cut { format!("… and {} more", nodes - place) } else { name.to_owned() };
    if !cut {
        legend.draw(&Rectangle::new([(4, y), (16, y + 12)], colour(place).filled()))?;
    }
    legend.draw(&Text::new(label, (22, y), ("sans-serif", 12)))?;
    Ok(())
}
