//! The command `belligraph`: see [`belligraph::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    belligraph::cli::run()
}
