//! The design written out for people.

use crate::deployment::{Deployment, Place};
use crate::report::table::heading;
use crate::scenario::Site;

/// The section of `check` that says what to buy, to publish and to do.
#[must_use]
pub(super) fn section(deployment: &Deployment) -> String {
    let Deployment { configuration, number, sites, dns, single_points_of_failure, requirements, steps, .. } =
        deployment;
    let mut text = heading("Deployment");
    text += &format!(" configuration {number}, {configuration}\n");
    for Place { site, nodes } in sites {
        text += &format!(" {}: {}\n", Site(site.as_deref()), nodes.join(", "));
    }
    for record in dns {
        text += &format!(" {record}\n");
    }
    text += &format!(" If it fails, mail stops, in part or as a whole: {}.\n", single_points_of_failure.join(", "));
    text += &format!(" Protection: {}.\n", deployment.protection);
    text += &format!(" Growth: {}.\n", deployment.scalability);
    text += " Needed:\n";
    for need in requirements {
        text += &format!("  - {need}\n");
    }
    text += " Set-up:\n";
    for (number, step) in (1..).zip(steps) {
        text += &format!("  {number}. {step}\n");
    }
    text
}
