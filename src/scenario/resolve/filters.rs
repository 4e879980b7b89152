//! Filters and spam: what mail from outside has to pass, and how much of it nobody wants.

use super::Origin;
use super::greylist::{Greylist, greylist};
use super::operation::completed;
use super::operation::print_law;
use super::settings::Ledger;
use crate::random::Law;
use crate::scenario::error::ScenarioError;
use crate::scenario::file::{self, File, FilterPlace, Reply, Stage, Times};
use crate::scenario::source::Source;
use crate::scenario::{ClientTransfer, Gate, Operation};

/// Mean size of wanted mail over that of spam: 6 to 8 in a trace of 2007 (Gomes and others).
const WANTED_OVER_SPAM: f64 = 7.0;

/// A filter, resolved.
pub(super) struct Filter {
    pub(super) name: String,
    stage: Stage,
    number: u32,
    pub(super) operation: Operation,
    pass: f64,
    spam_pass: f64,
    greylist: Greylist,
}

/// The filters in the order in which they work.
pub(super) fn filters(source: &Source, file: &File, ledger: &mut Ledger) -> Result<Vec<Filter>, ScenarioError> {
    let mut filters = Vec::new();
    for ((name, written), number) in file.filter.iter().zip(0..) {
        let key = |leaf: &str| format!("filter.{}.{leaf}", name.get_ref());
        if name.get_ref().contains('/') {
            let message = "a filter's name has no `/`: that stands between a service and its operation";
            return Err(source.error(name.span(), message));
        }
        let stage = ledger
            .take(&key("stage"), written.stage.as_ref(), Stage::Content, |stage| format!("{stage:?}").to_lowercase());
        let order = ledger.take(&key("order"), written.order.as_ref(), 0, u32::to_string);
        let usual = if stage == Stage::Connection { Reply::After } else { Reply::Before };
        let reply =
            ledger.take(&key("reply"), written.reply.as_ref(), usual, |reply| format!("{reply:?}").to_lowercase());
        if stage == Stage::Connection && reply == Reply::Before {
            let message = "a filter of connections works before anything is replied; leave `reply` out";
            return Err(source.error(name.span(), message));
        }
        if stage == Stage::Connection && written.cpu_per_kb.is_some() {
            let message = "a filter of connections sees no message; leave `cpu_per_kb` out";
            return Err(source.error(name.span(), message));
        }
        let usual = FilterPlace::Node;
        let place = ledger.take(&key("place"), written.place.as_ref(), usual, |place| {
            if *place == FilterPlace::Node { "node" } else { "filter-tier" }.to_owned()
        });
        let at_filter_tier = place == FilterPlace::FilterTier;
        let as_operation = file::Operation {
            cpu: written.cpu.clone(),
            cpu_per_kb: written.cpu_per_kb,
            concurrency: written.concurrency,
            reply: Some(reply),
            times: Some(if stage == Stage::Connection { Times::Once } else { Times::PerMessage }),
            ..file::Operation::default()
        };
        let completed = completed(source, name.span(), &as_operation)?;
        // To another machine the message has to go first.
        let goes = at_filter_tier && stage == Stage::Content;
        let client_transfer = if goes { ClientTransfer::Upload } else { ClientTransfer::None };
        let greylist = greylist(source, name, written, stage, ledger)?;
        let returns_after = greylist.after.clone();
        let operation = Operation { at_filter_tier, client_transfer, returns_after, ..completed };
        let origin = |written: bool| if written { Origin::File } else { Origin::Default };
        ledger.note(&key("cpu"), print_law(&operation.cpu), origin(written.cpu.is_some()));
        ledger.note(&key("cpu_per_kb"), format!("{} s", operation.cpu_per_kb_s), origin(written.cpu_per_kb.is_some()));
        let concurrency = operation.concurrency.map_or("unlimited".to_owned(), |n| n.to_string());
        ledger.note(&key("concurrency"), concurrency, origin(written.concurrency.is_some()));
        let share = |share: Option<crate::units::Share>| share.map(|share| share.0);
        let pass = ledger.take(&key("pass"), share(written.pass).as_ref(), 1.0, f64::to_string);
        let spam_pass = ledger.take(&key("spam_pass"), share(written.spam_pass).as_ref(), pass, f64::to_string);
        filters.push((
            order,
            Filter { name: name.get_ref().clone(), stage, number, operation, pass, spam_pass, greylist },
        ));
    }
    filters.sort_by_key(|(order, filter)| (filter.stage, *order, filter.number));
    Ok(filters.into_iter().map(|(_, filter)| filter).collect())
}

/// The operations of a session from outside with the filters among them, and the gate that each of them is.
///
/// `operations` has the session's own operations with their names; filters of connections come first, those of contents
/// behind the operation that takes the message.
pub(super) fn among(
    filters: &[Filter],
    operations: &[(String, Operation)],
    spam: bool,
) -> Result<Vec<(String, Option<Gate>)>, String> {
    let gate = |filter: &Filter| {
        let Filter { pass, spam_pass, greylist, .. } = filter;
        let (pass, defer, returns) = if spam {
            (*spam_pass, greylist.spam_defer, greylist.spam_returns)
        } else {
            (*pass, greylist.defer, greylist.returns)
        };
        (filter.name.clone(), Some(Gate { filter: filter.number, stage: filter.stage, pass, defer, returns }))
    };
    let of = |stage: Stage| filters.iter().filter(move |filter| filter.stage == stage).map(gate);
    let takes = operations.iter().position(|(_, operation)| operation.client_transfer == ClientTransfer::Upload);
    let Some(takes) = takes else {
        return Err(
            "sessions from outside have no operation that takes a message (`client_transfer = \"upload\"`), so \
                    there is nothing to filter"
                .to_owned(),
        );
    };
    let own = |(name, _): &(String, Operation)| (name.clone(), None);
    let (before, after) = operations.split_at(takes + 1);
    let chain = of(Stage::Connection).chain(before.iter().map(own)).chain(of(Stage::Content));
    Ok(chain.chain(after.iter().map(own)).collect())
}

/// The law of the sizes of spam, where that of wanted mail is `size`.
pub(super) fn spam_size(size: &Law) -> Law {
    size.scaled(1.0 / WANTED_OVER_SPAM)
}
