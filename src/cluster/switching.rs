//! A switch that is down: whoever comes to it gets no further.
//!
//! With a second switch nobody has the virtual address until that takes over, and packets to it get no answer. Assumption:
//! the nodes are checked meanwhile as if nothing were, and what the switch held of them is still so afterwards.

use super::event::Event;
use super::faults::Condition;
use super::seeking::{Seeker, Wait};
use super::world::World;
use crate::engine::Agenda;
use crate::scenario::Component;
use crate::units::Time;

impl World<'_> {
    /// Whether somebody who comes to the switch before a service finds it down; then he waits.
    pub(super) fn meets_switch(
        &mut self,
        service: usize,
        seeker: &mut Seeker,
        now: Time,
        agenda: &mut Agenda<Event>,
    ) -> bool {
        let condition = self.faults.switch_before(service);
        let again = matches!(seeker.state, Wait::Resend(_));
        if condition == Condition::Up {
            seeker.state = if again { Wait::Next } else { seeker.state };
            return false;
        }
        if !again {
            seeker.tried = now;
            self.count_unanswered_by(&Component::Switch);
        }
        let until = self.hold(seeker, condition, now);
        let seeker = self.seekers.insert(*seeker);
        agenda.schedule(until, Event::Seek { seeker });
        true
    }
}
