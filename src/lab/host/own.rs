//! Programs of a host that are this one: started in the background with a file that says what they are to do.

use super::command::launch;
use super::group::Group;
use super::servers::{make, on, write};
use crate::lab::job::{HOME, Host};

/// Starts `mxplan lab WHAT FILE` on a host.
///
/// # Errors
/// When the file can't be written, or it does not start.
pub fn start(host: &Host, group: &Group, what: &str, text: &str) -> Result<(), String> {
    let own = std::env::current_exe().map_err(|e| format!("this program does not find itself: {e}"))?;
    let directory = format!("{HOME}/{}", host.name);
    make(&directory)?;
    let file = write(&format!("{directory}/{what}.json"), text)?;
    let program = own.display().to_string();
    // It goes on in the background, as servers do by themselves.
    let command = ["sh", "-c", "\"$@\" &", "sh", &program, "lab", what, &file];
    launch(&mut on(&host.name, &host.cpus, group, &command), &format!("{directory}/{what}.log"))
}
