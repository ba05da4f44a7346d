//! `belligraph reextract`: extracts again from the texts the store keeps.

use super::load::write_summary;
use super::output::Output;
use super::progress::Progress;
use super::{Global, Outcome};
use crate::ontology::Ontology;
use crate::pipeline::{Chain, Loading, in_order, stale, stored};
use crate::store::{Access, Store, StoreError};
use anyhow::{Context, Result};
use clap::Args;

/// Extract again from the texts in the store, after the ontology, the seeds or the program changed
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  belligraph reextract --stale
  belligraph reextract")]
pub(super) struct Reextract {
    /// Only articles that were extracted with another version
    #[arg(long)]
    stale: bool,
    /// How many articles are read at the same time; 0 is one for each processor
    #[arg(long, short, value_name = "NUMBER", default_value_t = 0)]
    jobs: usize,
}

impl Reextract {
    pub(super) fn run(self, global: &Global) -> Result<Outcome> {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(self.jobs).build().context("cannot start threads")?;
        // Before the store is touched: a broken overlay changes nothing.
        super::ontology::warn_of_foreign(global);
        let ontology = super::ontology::load(global)?;
        let store = Store::open(&global.store, Access::Write)?;
        threads.install(|| self.extract(&store, ontology))
    }

    fn extract(self, store: &Store, ontology: &'static Ontology) -> Result<Outcome> {
        let chain = Chain::new(ontology);
        let articles = if self.stale { stale(store, &chain)? } else { store.articles()? };
        let progress = Progress::of_articles(articles.len() as u64);
        let mut loading = Loading::begin(store, chain.ontology(), "reextract")?;
        let work = |article: oxrdf::NamedNode| -> Result<_, StoreError> {
            Ok(stored(store, article.as_ref())?.map(|(article, key)| {
                let reported = chain.read_as(article, &key, store.base());
                let graph = chain.graph(&reported);
                (reported, graph)
            }))
        };
        in_order(articles.into_iter(), work, |result| -> Result<(), StoreError> {
            if let Some((reported, graph)) = result? {
                loading.add(&reported, graph)?;
            }
            progress.advance();
            Ok(())
        })?;
        progress.finish();
        let mut output = Output::stdout()?;
        write_summary(&mut output, &loading.finish()?, 0)?;
        output.finish()?;
        Ok(Outcome::Done)
    }
}
