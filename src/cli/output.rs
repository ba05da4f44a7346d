//! Where a command's result goes: standard output or a file, compressed by its extension or as asked.

use anyhow::{Context, Result};
use clap::ValueEnum;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// How a result is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compression {
    /// gzip
    Gz,
    /// Zstandard
    Zst,
}

impl Compression {
    /// By the extension of a file name.
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "gz" => Some(Self::Gz),
            "zst" => Some(Self::Zst),
            _ => None,
        }
    }
}

/// A place a result is written to. Errors are only certain to be seen if [`Output::finish`] is called.
pub(crate) struct Output {
    encoder: Encoder,
    place: Place,
}

/// A file under the name it has while it is written, removed if it is never finished.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // Once it has been renamed there is nothing left to remove.
        let _ = std::fs::remove_file(&self.0);
    }
}

enum Encoder {
    Plain(BufWriter<Box<dyn Write>>),
    Gz(GzEncoder<BufWriter<Box<dyn Write>>>),
    Zst(zstd::Encoder<'static, BufWriter<Box<dyn Write>>>),
}

enum Place {
    Stdout,
    /// Written under a name of its own, and renamed when it is complete.
    File {
        partial: Partial,
        path: PathBuf,
    },
}

impl Output {
    /// Standard output, as it is.
    pub(crate) fn stdout() -> Result<Self> {
        Self::open(None, None)
    }

    /// The file, or standard output if none (or `-`) is named.
    pub(crate) fn open(path: Option<&Path>, compression: Option<Compression>) -> Result<Self> {
        let path = path.filter(|path| path.as_os_str() != "-");
        let compression = compression.or_else(|| path.and_then(Compression::of));
        let (writer, place): (Box<dyn Write>, _) = match path {
            None => (Box::new(io::stdout().lock()), Place::Stdout),
            Some(path) => {
                let mut partial = path.as_os_str().to_owned();
                partial.push(".part");
                let partial = PathBuf::from(partial);
                let file = File::create(&partial).with_context(|| format!("cannot write `{}`", path.display()))?;
                (Box::new(file), Place::File { partial: Partial(partial), path: path.to_owned() })
            }
        };
        let writer = BufWriter::with_capacity(64 * 1024, writer);
        let encoder = match compression {
            None => Encoder::Plain(writer),
            Some(Compression::Gz) => Encoder::Gz(GzEncoder::new(writer, flate2::Compression::default())),
            Some(Compression::Zst) => Encoder::Zst(zstd::Encoder::new(writer, 0).context("cannot compress")?),
        };
        Ok(Self { encoder, place })
    }

    /// Writes what is still held back; only now is a file there under its name.
    pub(crate) fn finish(self) -> Result<()> {
        let name = match &self.place {
            Place::Stdout => "standard output".to_owned(),
            Place::File { path, .. } => format!("`{}`", path.display()),
        };
        let written = match self.encoder {
            Encoder::Plain(mut writer) => writer.flush(),
            Encoder::Gz(writer) => writer.finish().and_then(|mut writer| writer.flush()),
            Encoder::Zst(writer) => writer.finish().and_then(|mut writer| writer.flush()),
        };
        written.with_context(|| format!("cannot write to {name}"))?;
        if let Place::File { partial, path } = &self.place {
            std::fs::rename(&partial.0, path).with_context(|| format!("cannot write `{}`", path.display()))?;
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match &mut self.encoder {
            Encoder::Plain(writer) => writer.write(buffer),
            Encoder::Gz(writer) => writer.write(buffer),
            Encoder::Zst(writer) => writer.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.encoder {
            Encoder::Plain(writer) => writer.flush(),
            Encoder::Gz(writer) => writer.flush(),
            Encoder::Zst(writer) => writer.flush(),
        }
    }
}
