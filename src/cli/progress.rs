//! A progress bar on a terminal; nothing in a pipe.

use crate::article::Meter;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How far a command has come. Its clones are the same bar.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    meter: Option<Meter>,
}

impl Progress {
    /// Of what is read.
    pub(super) fn of_bytes(meter: Meter) -> Self {
        let bar = bar(meter.total(), "{bar:30} {bytes} of {total_bytes}, {msg} articles, {eta} left");
        Self { bar, meter: Some(meter) }
    }

    /// Of so many articles.
    pub(super) fn of_articles(total: u64) -> Self {
        Self { bar: bar(total, "{bar:30} {pos} of {len} articles, {eta} left"), meter: None }
    }

    /// One article more.
    pub(super) fn advance(&self) {
        match &self.meter {
            None => self.bar.inc(1),
            Some(meter) => {
                let articles = self.bar.message().parse::<u64>().unwrap_or(0) + 1;
                self.bar.set_message(articles.to_string());
                self.bar.set_length(meter.total());
                self.bar.set_position(meter.read());
            }
        }
    }

    /// Lets `print` write to the terminal without harm to the bar.
    pub(super) fn suspend<R>(&self, print: impl FnOnce() -> R) -> R {
        self.bar.suspend(print)
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn bar(length: u64, template: &str) -> ProgressBar {
    // Draws on standard error, and only if that is a terminal.
    let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
