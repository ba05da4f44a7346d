//! What `load` and `extract` read: paths, directories, URLs and standard input, and the options that say how.

use std::ffi::OsString;
use std::str::FromStr;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::civil::Date;

use crate::article::{self, Articles, ColumnMap, Format, Input, ReadOptions};

/// Where articles are read from, and how.
#[derive(Args, Clone, Debug)]
pub(crate) struct Inputs {
    /// Files, directories, web addresses, or `-` for standard input
    ///
    /// Text (headline, blank line, paragraphs), Markdown, HTML, JSON, JSON lines, CSV, TSV, RSS and Atom, also packed with
    /// gzip or Zstandard. A directory is read with all its subdirectories; hidden files and READMEs are left out.
    #[arg(value_name = "PATH|URL", required = true)]
    from: Vec<OsString>,
    /// The day of publication of articles that do not say it
    #[arg(long, value_name = "DATE", value_parser = article::parse_date)]
    published: Option<Date>,
    /// Read everything as this format, instead of finding it out
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    input_format: Option<Format>,
    /// Where a field is found if not under its usual name, as in `body=content` or `published=meta.date`; can be
    /// repeated. Fields: id, headline, body, published, publisher, author, url, language
    #[arg(long = "map", value_name = "FIELD=NAME")]
    maps: Vec<ColumnMap>,
    /// Also fetch from private and local addresses, and through the proxies of the environment
    #[arg(long)]
    allow_private: bool,
    /// The largest article, as in `500k`, `64M` or `1G`; of its text, the first million bytes are read, and a note says so
    /// where there is more
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "64M")]
    max_size: u64,
}

impl Inputs {
    /// The articles, read one at a time.
    pub(crate) fn articles(&self) -> Articles {
        let mut columns = ColumnMap::default();
        for map in &self.maps {
            columns.insert(map.clone());
        }
        let options = ReadOptions {
            format: self.input_format,
            columns,
            published: self.published,
            max_bytes: self.max_size,
            allow_private: self.allow_private,
            ..ReadOptions::default()
        };
        article::read(self.from.iter().map(|argument| Input::from_argument(argument)), options)
    }
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name)).try_map(|name| Format::from_str(&name))
}

/// Reads `64M`: a number of bytes, with a unit of 1024 bytes or a power of it.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match text[digits.len()..].to_ascii_lowercase().trim_end_matches("ib").trim_end_matches('b') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        unit => return Err(format!("unknown unit `{unit}`: known are k, M and G")),
    };
    let number: u64 = digits.parse().map_err(|_| "not a size such as `64M`".to_owned())?;
    number.checked_mul(1 << shift).filter(|size| *size > 0).ok_or_else(|| "not a usable size".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Command {
        #[command(flatten)]
        inputs: Inputs,
    }

    #[test]
    fn sizes() {
        assert_eq!(size("500"), Ok(500));
        assert_eq!(size("64M"), Ok(64 << 20));
        assert_eq!(size("1GiB"), Ok(1 << 30));
        for wrong in ["", "M", "-1", "1.5G", "12q", "0", "99999999999G"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn wrong_use_is_refused() {
        for arguments in [
            vec!["x"],
            vec!["x", "a.txt", "--published", "03/04/2018"],
            vec!["x", "a.txt", "--map", "story=a"],
            vec!["x", "a.txt", "--input-format", "docx"],
        ] {
            assert!(Command::try_parse_from(&arguments).is_err(), "{arguments:?}");
        }
        let read = Command::try_parse_from(["x", "-", "--published", "3 January 2018", "--map", "body=a.b"]);
        assert!(read.is_ok());
    }
}
