//! The model against real servers: a row for each figure of each point, and the judgement over them.

use super::number::{self, NOTHING};
use super::sheet::{Sheet, optional};
use super::table::{Columns, heading};
use crate::stats::Estimate;
use crate::validation::measured::{
    Checked, ENOUGH, Figure, Formula, PROMISED_TO, Quantity, Rival, Validation, Verdict,
};
use clap::builder::styling::{AnsiColor, Style};

/// The text of `measured.json`.
#[must_use]
pub fn json(validation: &Validation) -> String {
    super::pretty(validation)
}

/// The text of `measured.csv`.
#[must_use]
pub fn csv(validation: &Validation) -> String {
    let heads = [
        "campaign",
        "point",
        "figure",
        "busiest_cpu_ratio",
        "measured",
        "spread",
        "predicted",
        "error",
        "allowed",
        "untold",
        "same_work",
    ];
    let told = Formula::ALL.map(|formula| format!("{} same_work", formula.name()));
    let formulas = Formula::ALL.iter().map(|formula| formula.name());
    let mut sheet = Sheet::new(heads.into_iter().chain(formulas).chain(told.iter().map(String::as_str)));
    for (campaign, figure) in validation.campaigns.iter().flat_map(|one| one.figures.iter().map(move |of| (one, of))) {
        let mut row = vec![
            campaign.name.clone(),
            figure.point.clone(),
            figure.quantity.figure(&figure.owner),
            figure.busiest_ratio.to_string(),
            figure.measured.to_string(),
            optional(figure.spread),
            figure.predicted.to_string(),
            figure.error.to_string(),
            optional(figure.allowed),
            optional(figure.untold),
            optional(figure.same_work),
        ];
        row.extend(figure.formulas.into_iter().chain(figure.formulas_same_work).map(optional));
        sheet.row(row);
    }
    sheet.text()
}

/// The comparison for people.
#[must_use]
pub fn text(validation: &Validation, color: bool) -> String {
    let mut text = "The whole program against real mail servers\n".to_owned();
    for campaign in &validation.campaigns {
        text += &of_campaign(campaign);
        let (verdict, hue) =
            if campaign.holds { ("holds", AnsiColor::Green) } else { ("DOES NOT HOLD", AnsiColor::Red) };
        let style = if color { Style::new().fg_color(Some(hue.into())).bold() } else { Style::new() };
        text += &format!("\n{}: {style}{verdict}{style:#}\n", campaign.name);
    }
    text
}

fn of_campaign(campaign: &Checked) -> String {
    let mut text = heading(&campaign.name);
    let versions: Vec<String> = campaign.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    text += &format!(
        "{}\n{} runs, {} of them unusable; {} points were held out and are predicted from the demands of the others.\n{}\n{}\n",
        campaign.question,
        campaign.runs,
        campaign.unusable_runs,
        campaign.points,
        versions.join("; "),
        match campaign.runs_that_lost_mail {
            0 => "All mail that was taken was found in its mailboxes, in every run.".to_owned(),
            lost => format!("In {lost} runs NOT all mail that was taken was found."),
        }
    );
    if let Some((least, most)) = campaign.slowdown {
        text += &format!(
            "The same work cost a witness beside the servers {} to {} times what it did at the calibration, and each prediction \
             is told how much.\n",
            number::plain(least),
            number::plain(most)
        );
    }
    text += &heading(&format!("Judgement up to a utilisation of {}", number::ratio(PROMISED_TO)));
    text += &verdicts(&campaign.verdicts);
    text += &format!(
        "A figure may be off by its bound, or by twice the spread of the repeats (shares: three times that of their sampling); \
         {} of them have to be within.\n\
         Equivalent: the 90 % interval of the mean error lies within the bound. p: how likely differences so regular are if the \
         model is right (Kleijnen).\nFormulas have the same demands and rates as the prediction: figures within, and median error, of \
         M/M/1, processor sharing and two moments.\n",
        number::ratio(ENOUGH)
    );
    if campaign.slowdown.is_some() {
        text += &heading("The same without a word from the witness");
        text += "As if the machine had been as fast as at the calibration in every run.\n";
        text += &untold(&campaign.verdicts);
    }
    text += &heading("The same with the core time of each run");
    text += "What is left if everybody is told the core time that the sessions took in each run is no fault of the demands.\n";
    text += &same_work(&campaign.verdicts);
    text += &heading("Response times, measured | predicted | error");
    text += &services(campaign);
    text += &heading("Nodes, measured | predicted | error");
    text += &nodes(campaign);
    if campaign.figures.iter().any(|figure| figure.quantity == Quantity::Unevenness) {
        text += &heading(
            "Sessions of a service at the node that got most, over those at a node on average, measured | predicted | error",
        );
        text += &unevenness(campaign);
    }
    if campaign.figures.iter().any(|figure| figure.quantity == Quantity::Failed) {
        text += &heading("Faults, measured | predicted | error");
        text += &faults(campaign);
    }
    if campaign.figures.iter().any(|figure| figure.quantity == Quantity::Acceptance) {
        text += &heading("Mail from outside, measured | predicted | error");
        text += &mail(campaign);
    }
    text
}

fn verdicts(verdicts: &[Verdict]) -> String {
    let heads = ["", "service", "figures", "within", "bound", "median", "mean error", "equivalent", "p", "holds"];
    let mut table = Columns::new(2, heads.into_iter().chain(Formula::ALL.map(Formula::name)));
    for verdict in verdicts {
        let yes_no = |yes: bool| if yes { "yes" } else { "NO" }.to_owned();
        let mut row = vec![
            verdict.quantity.name().to_owned(),
            verdict.service.clone().unwrap_or_default(),
            verdict.figures.to_string(),
            verdict.within.to_string(),
            bound(verdict.quantity, verdict.bound),
            bound(verdict.quantity, verdict.median_error),
            number::change(&verdict.mean_error, number::ratio_signed),
            yes_no(verdict.equivalent),
            verdict.same_p.map_or_else(|| NOTHING.to_owned(), |p| format!("{p:.3}")),
            yes_no(verdict.holds),
        ];
        row.extend(verdict.formulas.map(rival));
        table.row(row);
    }
    table.text()
}

/// The simulator where nobody tells it how slow the machine was.
fn untold(verdicts: &[Verdict]) -> String {
    let mut table = Columns::new(2, ["", "service", "figures", "mxplan"]);
    for verdict in verdicts.iter().filter(|verdict| verdict.untold.is_some()) {
        let service = verdict.service.clone().unwrap_or_default();
        let figures = verdict.figures.to_string();
        table.row([verdict.quantity.name().to_owned(), service, figures, rival(verdict.untold)]);
    }
    table.text()
}

/// The simulator and the formulas where all of them know what was used.
fn same_work(verdicts: &[Verdict]) -> String {
    let heads = ["", "service", "figures", "mxplan"];
    let mut table = Columns::new(2, heads.into_iter().chain(Formula::ALL.map(Formula::name)));
    for verdict in verdicts.iter().filter(|verdict| verdict.same_work.is_some()) {
        let service = verdict.service.clone().unwrap_or_default();
        let mut row = vec![verdict.quantity.name().to_owned(), service, verdict.figures.to_string()];
        row.extend([verdict.same_work].into_iter().chain(verdict.formulas_same_work).map(rival));
        table.row(row);
    }
    table.text()
}

/// Figures within, and the median error.
fn rival(rival: Option<Rival>) -> String {
    rival.map_or_else(String::new, |rival| {
        let median = rival.median_error.map_or_else(|| NOTHING.to_owned(), number::ratio);
        format!("{}, {median}", rival.within)
    })
}

/// A line for each service of each point.
fn services(campaign: &Checked) -> String {
    let mut table = Columns::new(2, ["point", "service", "CPU", "mean", "", "", "p95", "", ""]);
    for mean in campaign.figures.iter().filter(|figure| figure.quantity == Quantity::Mean) {
        let mut row = vec![mean.point.clone(), mean.owner.clone(), number::ratio(mean.busiest_ratio)];
        row.extend(cells(Some(mean), number::seconds));
        row.extend(cells(other(campaign, mean, Quantity::P95), number::seconds));
        table.row(row);
    }
    table.text()
}

/// A line for each node of each point.
fn nodes(campaign: &Checked) -> String {
    let mut table = Columns::new(2, ["point", "node", "CPU", "", "", "share", "", ""]);
    for used in campaign.figures.iter().filter(|figure| figure.quantity == Quantity::Utilisation) {
        let mut row = vec![used.point.clone(), used.owner.clone()];
        row.extend(cells(Some(used), number::ratio));
        row.extend(cells(other(campaign, used, Quantity::Share), number::ratio));
        table.row(row);
    }
    table.text()
}

/// A line for each service that several nodes of a point serve.
fn unevenness(campaign: &Checked) -> String {
    let mut table = Columns::new(2, ["point", "service", "as a whole", "", "", "in intervals", "", ""]);
    for whole in campaign.figures.iter().filter(|figure| figure.quantity == Quantity::Unevenness) {
        let mut row = vec![whole.point.clone(), whole.owner.clone()];
        row.extend(cells(Some(whole), number::plain));
        row.extend(cells(other(campaign, whole, Quantity::IntervalUnevenness), number::plain));
        table.row(row);
    }
    table.text()
}

/// A line for each point at which something fails.
fn faults(campaign: &Checked) -> String {
    let mut table = Columns::new(1, ["point", "detection", "", "", "recovery", "", "", "sessions failed", "", ""]);
    for failed in campaign.figures.iter().filter(|figure| figure.quantity == Quantity::Failed) {
        let mut row = vec![failed.point.clone()];
        row.extend(cells(other(campaign, failed, Quantity::Detection), number::seconds));
        row.extend(cells(other(campaign, failed, Quantity::Recovery), number::seconds));
        row.extend(cells(Some(failed), number::plain));
        table.row(row);
    }
    table.text()
}

/// A line for each point with mail from outside.
fn mail(campaign: &Checked) -> String {
    let heads = ["point", "until taken", "", "", "p95", "", "", "until in mailbox", "", "", "further attempts", "", ""];
    let mut table = Columns::new(1, heads);
    for taken in campaign.figures.iter().filter(|figure| figure.quantity == Quantity::Acceptance) {
        let mut row = vec![taken.point.clone()];
        row.extend(cells(Some(taken), number::seconds));
        row.extend(cells(other(campaign, taken, Quantity::AcceptanceP95), number::seconds));
        row.extend(cells(other(campaign, taken, Quantity::Arrival), number::seconds));
        row.extend(cells(other(campaign, taken, Quantity::Repeated), number::plain));
        table.row(row);
    }
    table.text()
}

/// Another figure of the same service or node at the same point.
fn other<'a>(campaign: &'a Checked, figure: &Figure, quantity: Quantity) -> Option<&'a Figure> {
    let is_it =
        |other: &&Figure| other.quantity == quantity && other.point == figure.point && other.owner == figure.owner;
    campaign.figures.iter().find(is_it)
}

/// Measured, predicted, and the error; a star where it is more than is allowed.
fn cells(figure: Option<&Figure>, print: fn(f64) -> String) -> [String; 3] {
    let Some(figure) = figure else { return [String::new(), String::new(), String::new()] };
    let star = if figure.allowed.is_some_and(|allowed| figure.error.abs() > allowed) { " *" } else { "" };
    let error = match figure.quantity {
        Quantity::Share => number::points(figure.error),
        Quantity::Detection | Quantity::Recovery => number::change(&Estimate::point(figure.error), number::seconds),
        _ => number::ratio_signed(figure.error),
    };
    [print(figure.measured), print(figure.predicted), error + star]
}

/// An error without a sign, in the unit of its quantity.
fn bound(quantity: Quantity, error: f64) -> String {
    match quantity {
        Quantity::Share => number::points(error),
        Quantity::Detection | Quantity::Recovery => number::seconds(error),
        _ => number::ratio(error),
    }
}
