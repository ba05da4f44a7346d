//! The README: what it says of the repository stays true.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

fn text(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The names under `[dependencies]` and `[dev-dependencies]`.
fn direct_dependencies() -> BTreeSet<String> {
    let mut wanted = false;
    let mut names = BTreeSet::new();
    for line in text("Cargo.toml").lines() {
        if let Some(section) = line.strip_prefix('[') {
            wanted = section.trim_end().ends_with("dependencies]");
        } else if wanted && let Some((name, _)) = line.split_once(" = ") {
            names.insert(name.trim_start_matches("# ").to_owned());
        }
    }
    names
}

#[test]
fn every_direct_dependency_is_explained_and_none_besides() {
    let readme = text("README.md");
    let (_, section) = readme.split_once("\n## Dependencies\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let mut explained = BTreeSet::new();
    for row in section.lines().filter(|line| line.starts_with("| `")) {
        let first_cell = row.split('|').nth(1).unwrap();
        explained.extend(first_cell.split('`').skip(1).step_by(2).map(str::to_owned));
    }
    assert_eq!(explained, direct_dependencies());
}

#[test]
fn every_link_leads_to_a_file() {
    for page in [
        "README.md",
        "seeds/README.md",
        "seeds/articles/README.md",
        "tests/overlays/README.md",
        "ontology/CHECKS.md",
        "ontology/lexicon/README.md",
    ] {
        let folder = Path::new(page).parent().unwrap();
        for rest in text(page).split("](").skip(1) {
            let (target, _) = rest.split_once(')').unwrap();
            if !target.contains("://") {
                let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(target);
                assert!(path.exists(), "{page}: `{target}`");
            }
        }
    }
}
