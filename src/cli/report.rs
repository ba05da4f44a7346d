//! What a person is told when something went wrong, and the exit code.

use super::Outcome;
use anyhow::Result;
use clap::Args;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// What else is logged, and how.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct Log {
    /// Log every request to standard error
    #[arg(id = "access_log", long = "access-log")]
    access: bool,
    /// Write the log as lines of JSON
    #[arg(id = "log_json", long = "log-json")]
    json: bool,
}

/// Sends the log to standard error: warnings, or more if asked for by `-v` or `BELLIGRAPH_LOG`.
pub(super) fn start_log(verbose: u8, log: Log) {
    let level = match verbose {
        0 => "warn",
        1 => "info,belligraph=debug",
        _ => "debug,belligraph=trace",
    };
    let mut filter = EnvFilter::try_from_env("BELLIGRAPH_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    if let Ok(directive) = format!("belligraph::access={}", if log.access { "info" } else { "off" }).parse() {
        filter = filter.add_directive(directive);
    }
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // A log that nobody can read any more is no reason to break off.
    let subscriber = subscriber.with_ansi(io::stderr().is_terminal()).log_internal_errors(false);
    // Each fails only if there is a log already, which then serves.
    let _ = if log.json {
        subscriber.json().flatten_event(true).try_init()
    } else if log.access {
        subscriber.with_target(verbose > 0).try_init()
    } else {
        subscriber.with_target(verbose > 0).without_time().try_init()
    };
}

/// Prints the error, if there is one, and gives the exit code.
pub(super) fn exit_code(result: Result<Outcome>) -> ExitCode {
    let error = match result {
        Ok(Outcome::Done) => return ExitCode::SUCCESS,
        Ok(Outcome::Rejected) => return ExitCode::from(1),
        Err(error) => error,
    };
    if is_broken_pipe(&error) {
        return ExitCode::SUCCESS;
    }
    // Where even standard error is gone, the exit code has to do.
    let _ = writeln!(io::stderr(), "{}", describe(&error));
    ExitCode::from(2)
}

/// Tells of an input that was rejected, or of something to note about one that was read, on a line of its own.
pub(crate) fn tell(kind: &str, message: &impl std::fmt::Display) {
    // Where even standard error is gone, the exit code has to do.
    let _ = writeln!(io::stderr(), "{kind}: {message}");
}

/// The error and its causes, a line each; a cause that says again what the line before it said is left out.
pub(crate) fn describe(error: &anyhow::Error) -> String {
    let mut lines: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = cause.to_string();
        if !lines.iter().any(|line| line.contains(text.trim())) {
            lines.push(text);
        }
    }
    format!("error: {}", lines.join("\n  because: "))
}

/// Whether the reader of our output stopped reading.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}

#[cfg(test)]
mod tests {
    use super::describe;
    use anyhow::anyhow;

    #[test]
    fn causes_are_not_repeated() {
        let error = anyhow!("no space left").context("cannot write: no space left").context("cannot dump");
        assert_eq!(describe(&error), "error: cannot dump\n  because: cannot write: no space left");
    }
}
