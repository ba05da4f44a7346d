//! The command `belligraph`: see [`belligraph::cli`].

use std::process::ExitCode;

/// `RocksDB`'s memory as well: many small blocks for a moment, at which it is twice as fast as that of the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    belligraph::cli::run()
}
