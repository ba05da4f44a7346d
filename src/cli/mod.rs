//! The command line: one file per command, each a thin layer over the library.

use std::process::ExitCode;

/// Parses the arguments, runs the command, prints what went wrong and gives the exit code.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
