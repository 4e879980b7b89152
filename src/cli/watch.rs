//! Work that takes long: on a thread pool of its own, under a progress bar, and open to Ctrl-C.

use super::Terminal;
use super::failure::Failure;
use crate::experiment::Control;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How often the bar is drawn: fast enough to look alive, too seldom to cost anything.
const TICK: Duration = Duration::from_millis(100);

/// Runs `work` on so many threads. The bar counts replications, up to `total` where that is known.
///
/// Ctrl-C asks the work to stop by its [`Control`]; a second one ends the program at once.
pub(crate) fn watch<T: Send>(
    terminal: Terminal,
    threads: usize,
    total: Option<u64>,
    work: impl FnOnce(&Control) -> T + Send,
) -> Result<T, Failure> {
    let control = Arc::new(Control::default());
    listen(&control, terminal);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|e| {
        Failure::Unusable(format!("{threads} threads can't be started: {e}; ask for fewer with `--jobs N`"))
    })?;
    Ok(std::thread::scope(|scope| {
        // Dropped when the work is done, or when it panics: either way the bar's thread ends.
        let (done, until_done) = channel::<()>();
        if terminal.shows_progress() {
            let control = &control;
            scope.spawn(move || {
                let (bar, began) = (bar(total), Instant::now());
                while until_done.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                    draw(&bar, control, began.elapsed());
                }
                bar.finish_and_clear();
            });
        }
        let result = pool.install(|| work(&control));
        drop(done);
        result
    }))
}

fn listen(control: &Arc<Control>, terminal: Terminal) {
    let control = Arc::clone(control);
    let asked = AtomicBool::new(false);
    let listening = ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        control.cancel();
    });
    if let Err(e) = listening {
        terminal.warn(&format!("Ctrl-C ends the program without keeping what is finished: {e}"));
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    let template = match total {
        Some(_) => "{bar:30} {pos}/{len} replications, {msg}, {elapsed} gone, {eta} to go",
        None => "{spinner} {pos} replications, {msg}, {elapsed} gone",
    };
    // The templates are constants; a wrong one would cost the looks only.
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn draw(bar: &ProgressBar, control: &Control, elapsed: Duration) {
    bar.set_position(control.replications());
    let millions = control.events() as f64 / 1e6 / elapsed.as_secs_f64().max(1e-3);
    bar.set_message(if control.is_cancelled() {
        "stopping".to_owned()
    } else {
        format!("{millions:.2} million events/s")
    });
    bar.tick();
}
