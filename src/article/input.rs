//! What the user names as input: a path, a directory, a URL or standard input; and the files of a directory.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::format::{Format, extension_of};

/// One input as named by the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file or a directory.
    Path(PathBuf),
    /// An address that begins with `http://` or `https://`.
    Url(String),
    /// Standard input.
    Stdin,
}

impl Input {
    /// Reads a command-line argument: `-` is standard input, `http://…` and `https://…` are URLs, all else is a path.
    pub fn from_argument(argument: &OsStr) -> Self {
        if argument == "-" {
            return Self::Stdin;
        }
        if let Some(text) = argument.to_str() {
            let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
            if matches!(scheme.as_deref(), Some("http" | "https")) {
                return Self::Url(text.to_owned());
            }
        }
        Self::Path(PathBuf::from(argument))
    }
}

/// The files of a directory, and how many files of unknown kinds were left out.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) files: Vec<PathBuf>,
    pub(super) skipped: Vec<PathBuf>,
    pub(super) failed: Vec<(PathBuf, io::Error)>,
}

/// Lists a directory and those within it, sorted by path.
///
/// Left out are: hidden files and directories (a leading dot), files about the directory (READMEs, licences, change
/// logs), links to directories, what is no regular file, and, unless `all` (a format is forced), files whose extension
/// names no format. Files without extension are taken.
pub(super) fn list(directory: &Path, all: bool) -> Listing {
    let mut listing = Listing::default();
    walk(directory, all, &mut listing);
    listing.files.sort();
    listing.skipped.sort();
    listing
}

fn walk(directory: &Path, all: bool, listing: &mut Listing) {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) => return listing.failed.push((directory.to_owned(), error)),
    };
    for entry in entries {
        let (path, kind) = match entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))) {
            Ok(found) => found,
            Err(error) => {
                listing.failed.push((directory.to_owned(), error));
                continue;
            }
        };
        let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            walk(&path, all, listing);
            continue;
        }
        if kind.is_symlink() && !fs::metadata(&path).is_ok_and(|target| target.is_file()) {
            if !path.is_dir() {
                listing.failed.push((path, io::ErrorKind::NotFound.into()));
            }
            continue;
        }
        if !(kind.is_file() || kind.is_symlink()) || is_about_directory(&name) {
            continue;
        }
        let known = match extension_of(&path).0 {
            None => true,
            Some(extension) => all || Format::of_extension(extension).is_some(),
        };
        if known { listing.files.push(path) } else { listing.skipped.push(path) }
    }
}

/// Whether a file tells about the directory it lies in, by the names that are usual for such files.
fn is_about_directory(name: &str) -> bool {
    const ABOUT: [&str; 10] = [
        "readme",
        "license",
        "licence",
        "copying",
        "notice",
        "changelog",
        "changes",
        "contributing",
        "authors",
        "citation",
    ];
    let lower = name.to_ascii_lowercase();
    let stem = lower.split(['.', '_', '-']).next().unwrap_or_default();
    // `Changes in the Sahel.txt` is an article, `CHANGES` and `readme.fr.md` are not.
    ABOUT.contains(&stem)
        && (stem == "readme" || name.split('.').next().is_some_and(|stem| stem.chars().all(|c| !c.is_lowercase())))
}

#[cfg(test)]
mod tests {
    use super::is_about_directory;

    #[test]
    fn files_about_the_directory() {
        for name in ["README", "README.md", "readme.txt", "ReadMe.fr.md", "README-first.md", "LICENSE", "LICENSE-MIT"] {
            assert!(is_about_directory(name), "{name}");
        }
        for name in ["notice.txt", "Changes in the Sahel.txt", "readmers.txt", "article.md", "authors-killed.txt"] {
            assert!(!is_about_directory(name), "{name}");
        }
    }
}
