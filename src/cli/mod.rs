//! The command line: one file per command, each a thin layer over the library.
//!
//! [`run`] parses the arguments, runs the command and turns what came of it into an exit code: 0 done, 1 a check failed or
//! some inputs were rejected, 2 wrong use or a fault. A reader that stops reading (`| head`) is no fault.

mod answer;
mod backup;
mod completions;
mod dump;
mod eval;
mod explain;
mod extract;
mod inputs;
mod load;
mod man;
mod ontology;
mod optimize;
mod output;
mod parse;
mod progress;
mod query;
mod read;
mod reextract;
mod remove;
mod report;
mod serve;
mod stats;
mod terminal;
mod trace;
mod train;
mod update;
mod validate;

use anyhow::Result;
use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Reads news about armed conflict into a knowledge graph that answers SPARQL.
#[derive(Debug, Parser)]
#[command(name = "belligraph", version, styles = STYLES, max_term_width = 100, propagate_version = true)]
#[command(after_help = "\
Examples:
  belligraph load seeds/articles        read articles into ./belligraph.db
  belligraph query --list               the questions it can answer
  belligraph query -e 'SELECT * { ?battle a bg:ArmedClash } LIMIT 5'")]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// Where the store is
    #[arg(long, global = true, value_name = "DIRECTORY", env = "BELLIGRAPH_STORE", default_value = "belligraph.db")]
    pub(crate) store: PathBuf,
    /// A folder with an ontology to lay over the one in the program, besides `ontology` beside the store; can be
    /// repeated
    #[arg(long = "ontology", global = true, value_name = "DIRECTORY")]
    pub(crate) overlays: Vec<PathBuf>,
    /// Tell more of what is done, to standard error; twice for even more
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
enum Command {
    Load(load::Load),
    Extract(extract::Extract),
    Eval(eval::Eval),
    Query(query::Ask),
    Explain(explain::Explain),
    Stats(stats::Stats),
    Validate(validate::Validate),
    Serve(serve::Serve),
    Reextract(reextract::Reextract),
    Update(update::Change),
    Remove(remove::Remove),
    Dump(dump::Dump),
    Backup(backup::Backup),
    Optimize(optimize::Optimize),
    Parse(parse::Parse),
    Ontology(ontology::Ontology),
    Completions(completions::Completions),
    Man(man::Man),
    #[command(hide = true)]
    Train(train::Train),
    #[command(hide = true)]
    Answer(answer::Answer),
    #[command(hide = true)]
    Read(read::Read),
}

/// How a command that was carried out ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well: exit code 0.
    Done,
    /// A check failed, or some inputs were rejected: exit code 1.
    Rejected,
}

/// Parses the arguments, runs the command, prints what went wrong and gives the exit code.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let log = if let Command::Serve(command) = &cli.command { command.log() } else { report::Log::default() };
    report::start_log(cli.global.verbose, log);
    report::exit_code(cli.command.run(&cli.global))
}

impl Command {
    fn run(self, global: &Global) -> Result<Outcome> {
        match self {
            Self::Load(command) => command.run(global),
            Self::Extract(command) => command.run(global),
            Self::Eval(command) => command.run(global),
            Self::Explain(command) => command.run(global),
            Self::Stats(command) => command.run(global),
            Self::Validate(command) => command.run(global),
            Self::Reextract(command) => command.run(global),
            Self::Parse(command) => command.run(global),
            Self::Ontology(command) => command.run(global),
            Self::Query(command) => command.run(global),
            Self::Update(command) => command.run(global),
            Self::Serve(command) => command.run(global),
            Self::Remove(command) => command.run(global),
            Self::Dump(command) => command.run(global),
            Self::Backup(command) => command.run(global),
            Self::Optimize(command) => command.run(global),
            Self::Completions(command) => command.run(),
            Self::Man(command) => command.run(),
            Self::Train(command) => command.run(),
            Self::Answer(command) => command.run(),
            Self::Read(command) => command.run(global),
        }
    }
}
