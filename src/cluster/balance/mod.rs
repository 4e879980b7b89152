//! How a session finds its node.

mod switch;

pub(super) use switch::Switch;
