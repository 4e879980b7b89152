//! How a session finds its node.

mod in_turn;
mod switch;

pub(super) use in_turn::InTurn;
pub(super) use switch::Switch;
