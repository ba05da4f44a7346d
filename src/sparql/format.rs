//! The results of a query, and the formats they are written in.

use super::deadline::Deadline;
use super::{Prefixes, SparqlError, html, table};
use crate::store::XmlCharacters;
use oxigraph::sparql::{QueryEvaluationError, QueryResults};
use oxrdf::{Term, Triple, Variable};
use oxrdfio::{JsonLdProfileSet, RdfFormat, RdfSerializer};
use sparesults::{QueryResultsFormat, QueryResultsSerializer};
use std::io::{self, Write};
use thiserror::Error;

/// A format of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A table to read on a screen.
    Table,
    /// SPARQL 1.1 Query Results CSV.
    Csv,
    /// SPARQL 1.1 Query Results TSV.
    Tsv,
    /// SPARQL 1.1 Query Results JSON; for triples, JSON-LD.
    Json,
    /// SPARQL Query Results XML; for triples, RDF/XML.
    Xml,
    /// A page for a browser.
    Html,
    /// RDF 1.1 Turtle.
    Turtle,
    /// RDF 1.1 N-Triples.
    NTriples,
    /// RDF 1.1 N-Quads.
    NQuads,
    /// RDF 1.1 `TriG`.
    TriG,
    /// JSON-LD 1.1.
    JsonLd,
    /// RDF 1.1 XML Syntax.
    RdfXml,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Table,
        Self::Csv,
        Self::Tsv,
        Self::Json,
        Self::Xml,
        Self::Html,
        Self::Turtle,
        Self::NTriples,
        Self::NQuads,
        Self::TriG,
        Self::JsonLd,
        Self::RdfXml,
    ];

    /// Whether results are written in it one by one; those for people are laid out together.
    pub fn is_streamed(self) -> bool {
        !matches!(self, Self::Table | Self::Html)
    }

    /// Its name on the command line and in `format=`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
            Self::Xml => "xml",
            Self::Html => "html",
            Self::Turtle => "turtle",
            Self::NTriples => "ntriples",
            Self::NQuads => "nquads",
            Self::TriG => "trig",
            Self::JsonLd => "jsonld",
            Self::RdfXml => "rdfxml",
        }
    }

    /// The format of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Its media type for solutions or truth values. None if it has no form for them.
    pub fn media_type_of_solutions(self) -> Option<&'static str> {
        match self {
            Self::Table => Some("text/plain; charset=utf-8"),
            Self::Html => Some("text/html; charset=utf-8"),
            _ => self.solutions().map(QueryResultsFormat::media_type),
        }
    }

    /// Its media type for triples. None if it has no form for them.
    pub fn media_type_of_triples(self) -> Option<&'static str> {
        match self {
            Self::Table => Some("text/plain; charset=utf-8"),
            Self::Html => Some("text/html; charset=utf-8"),
            Self::Csv => Some("text/csv; charset=utf-8"),
            Self::Tsv => Some("text/tab-separated-values; charset=utf-8"),
            _ => self.triples().map(RdfFormat::media_type),
        }
    }

    fn solutions(self) -> Option<QueryResultsFormat> {
        match self {
            Self::Csv => Some(QueryResultsFormat::Csv),
            Self::Tsv => Some(QueryResultsFormat::Tsv),
            Self::Json => Some(QueryResultsFormat::Json),
            Self::Xml => Some(QueryResultsFormat::Xml),
            _ => None,
        }
    }

    /// The format as one of RDF documents.
    pub fn triples(self) -> Option<RdfFormat> {
        match self {
            Self::Turtle => Some(RdfFormat::Turtle),
            Self::NTriples => Some(RdfFormat::NTriples),
            Self::NQuads => Some(RdfFormat::NQuads),
            Self::TriG => Some(RdfFormat::TriG),
            Self::JsonLd | Self::Json => Some(RdfFormat::JsonLd { profile: JsonLdProfileSet::default() }),
            Self::RdfXml | Self::Xml => Some(RdfFormat::RdfXml),
            _ => None,
        }
    }
}

/// How a table looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TableStyle {
    /// Fit it into so many columns; as wide as it gets if none.
    pub width: Option<u16>,
    /// Use colours.
    pub colour: bool,
}

/// Why results could not be written to the end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The evaluation failed on the way.
    #[error(transparent)]
    Sparql(#[from] SparqlError),
    /// The writing failed.
    #[error("cannot write the results")]
    Io(#[from] io::Error),
    /// The format has no form for such results.
    #[error("`{format}` is no format for {results}; use {instead}")]
    Unsuitable {
        /// Its name.
        format: &'static str,
        /// What there is to write.
        results: &'static str,
        /// What would do.
        instead: &'static str,
    },
}

/// The results of a query, evaluated as they are read.
pub struct Results<'s> {
    results: QueryResults<'s>,
    deadline: Deadline,
}

impl std::fmt::Debug for Results<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Results").field("are_triples", &self.are_triples()).finish_non_exhaustive()
    }
}

impl<'s> Results<'s> {
    pub(super) fn new(results: QueryResults<'s>, deadline: Deadline) -> Self {
        Self { results, deadline }
    }

    /// Whether they are triples, of `CONSTRUCT` or `DESCRIBE`.
    pub fn are_triples(&self) -> bool {
        matches!(self.results, QueryResults::Graph(_))
    }

    /// The truth value of an `ASK`. None for other queries.
    pub fn truth(&self) -> Option<bool> {
        match self.results {
            QueryResults::Boolean(truth) => Some(truth),
            _ => None,
        }
    }

    /// The names of the columns and an iterator over the rows, each with a value or none for each column. An `ASK` gives a
    /// row with its truth value, triples give rows of three.
    pub fn into_rows(self) -> (Vec<String>, Rows<'s>) {
        let Self { results, deadline } = self;
        match results {
            QueryResults::Solutions(solutions) => {
                let names = solutions.variables().iter().map(|variable| variable.as_str().to_owned()).collect();
                let rows = solutions.map(|solution| Ok(solution?.values().to_vec()));
                (names, Rows { rows: Box::new(rows), deadline })
            }
            QueryResults::Boolean(truth) => {
                let row = vec![Some(oxrdf::Literal::from(truth).into())];
                (vec!["result".to_owned()], Rows { rows: Box::new(std::iter::once(Ok(row))), deadline })
            }
            QueryResults::Graph(triples) => {
                let rows = triples.map(|triple| {
                    let Triple { subject, predicate, object } = triple?;
                    Ok(vec![Some(subject.into()), Some(predicate.into()), Some(object)])
                });
                (TRIPLE.map(str::to_owned).to_vec(), Rows { rows: Box::new(rows), deadline })
            }
        }
    }

    /// Writes them.
    ///
    /// # Errors
    ///
    /// If the evaluation fails or takes too long on the way, if the writing fails, or if the format has no form for such
    /// results (nothing is written then).
    pub fn write(
        self,
        writer: &mut impl Write,
        format: Format,
        prefixes: &Prefixes,
        style: TableStyle,
    ) -> Result<(), WriteError> {
        match format {
            Format::Table => return table::write(self, writer, prefixes, style),
            Format::Html => return html::write(self, writer, prefixes),
            _ => {}
        }
        let Self { results, deadline } = self;
        match (results, format.solutions(), format.triples()) {
            (QueryResults::Graph(triples), _, Some(format)) => {
                let mut serializer = RdfSerializer::from_format(format);
                if format != RdfFormat::RdfXml {
                    serializer = prefixes.declared_by(serializer);
                }
                let mut serializer = serializer.for_writer(XmlCharacters::of(writer, format));
                for triple in triples {
                    serializer.serialize_triple(&triple.map_err(|error| deadline.judge(error))?)?;
                }
                serializer.finish()?.flush()?;
            }
            (QueryResults::Solutions(solutions), Some(format), _) => {
                let variables = solutions.variables().to_vec();
                let serializer = QueryResultsSerializer::from_format(format);
                let mut serializer = serializer.serialize_solutions_to_writer(xml_safe(writer, format), variables)?;
                for solution in solutions {
                    serializer.serialize(&solution.map_err(|error| deadline.judge(error))?)?;
                }
                serializer.finish()?.flush()?;
            }
            (QueryResults::Boolean(truth), Some(format), _) => {
                QueryResultsSerializer::from_format(format).serialize_boolean_to_writer(writer, truth)?.flush()?;
            }
            (QueryResults::Graph(triples), Some(format), None) => {
                let variables: Vec<Variable> = TRIPLE.map(Variable::new_unchecked).to_vec();
                let serializer = QueryResultsSerializer::from_format(format);
                let mut serializer =
                    serializer.serialize_solutions_to_writer(xml_safe(writer, format), variables.clone())?;
                for triple in triples {
                    let triple = triple.map_err(|error| deadline.judge(error))?;
                    let terms: [Term; 3] = [triple.subject.into(), triple.predicate.into(), triple.object];
                    serializer.serialize(variables.iter().zip(&terms))?;
                }
                serializer.finish()?.flush()?;
            }
            (QueryResults::Graph(_), None, None) => {
                return Err(unsuitable(format, "triples", "turtle, ntriples, trig, jsonld, rdfxml or table"));
            }
            (_, None, _) => {
                return Err(unsuitable(format, "solutions", "table, csv, tsv, json, xml or html"));
            }
        }
        Ok(())
    }
}

fn xml_safe<W: Write>(writer: W, format: QueryResultsFormat) -> XmlCharacters<W> {
    XmlCharacters::new(writer, format == QueryResultsFormat::Xml)
}

const TRIPLE: [&str; 3] = ["subject", "predicate", "object"];

fn unsuitable(format: Format, results: &'static str, instead: &'static str) -> WriteError {
    WriteError::Unsuitable { format: format.name(), results, instead }
}

/// Rows of results.
pub struct Rows<'s> {
    rows: Box<dyn Iterator<Item = Result<Vec<Option<Term>>, QueryEvaluationError>> + 's>,
    deadline: Deadline,
}

impl std::fmt::Debug for Rows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rows")
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Vec<Option<Term>>, SparqlError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.rows.next()?.map_err(|error| self.deadline.judge(error)))
    }
}
