//! Reports of a check: for people, for programs, for continuous integration.

use super::finding::{Finding, Level};
use super::rules::RULES;
use super::{Counts, Report};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A line for each finding, and a count.
    Text,
    /// One JSON object.
    Json,
    /// `JUnit` XML: a test case for each rule.
    Junit,
    /// SARIF 2.1.0, which code hosts show beside the lines.
    Sarif,
}

impl Report {
    /// How many findings are at least of a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|f| f.level >= level).count()
    }

    /// The report, of the findings that are at least of a level.
    pub fn write(&self, format: Format, level: Level) -> String {
        let shown: Vec<&Finding> = self.findings.iter().filter(|f| f.level >= level).collect();
        match format {
            Format::Text => self.text(&shown),
            Format::Json => pretty(&self.json(&shown)),
            Format::Junit => junit(&shown),
            Format::Sarif => pretty(&sarif(&shown)),
        }
    }

    fn text(&self, shown: &[&Finding]) -> String {
        let mut text = String::new();
        for finding in shown {
            let Finding { level, rule, entity, message, hint, .. } = finding;
            let _ = write!(text, "{}: {} [{rule}]", place(finding), level.as_str());
            if !entity.is_empty() {
                let _ = write!(text, " {entity}:");
            }
            let _ = write!(text, " {message}");
            if !hint.is_empty() {
                let _ = write!(text, " (hint: {hint})");
            }
            text.push('\n');
        }
        let only = |level: Level| self.findings.iter().filter(|f| f.level == level).count();
        let Counts { classes, properties, frames, examples } = self.counts;
        let of = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
        let _ = writeln!(
            text,
            "{classes} classes, {properties} properties, {frames} frames, {examples} sentences: {}, {}, {}",
            of(only(Level::Error), "error"),
            of(only(Level::Warning), "warning"),
            of(only(Level::Info), "note")
        );
        text
    }

    fn json(&self, shown: &[&Finding]) -> Value {
        let findings: Vec<Value> = shown
            .iter()
            .map(|f| {
                json!({
                    "level": f.level.as_str(), "rule": f.rule, "entity": f.entity, "file": f.file, "line": f.line,
                    "message": f.message, "hint": f.hint,
                })
            })
            .collect();
        json!({
            "classes": self.counts.classes,
            "properties": self.counts.properties,
            "frames": self.counts.frames,
            "sentences": self.counts.examples,
            "errors": self.findings.iter().filter(|f| f.level == Level::Error).count(),
            "warnings": self.findings.iter().filter(|f| f.level == Level::Warning).count(),
            "notes": self.findings.iter().filter(|f| f.level == Level::Info).count(),
            "findings": findings,
        })
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// `file:line`, or the file alone.
fn place(finding: &Finding) -> String {
    match finding.line {
        Some(line) => format!("{}:{line}", finding.file),
        None => finding.file.clone(),
    }
}

/// The rules in their order, then custom checks, each with its findings.
fn by_rule<'f>(shown: &[&'f Finding]) -> Vec<(String, String, Vec<&'f Finding>)> {
    let mut found: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in shown {
        found.entry(&finding.rule).or_default().push(finding);
    }
    let mut rules: Vec<(String, String, Vec<&Finding>)> = RULES
        .iter()
        .map(|rule| (rule.name.to_owned(), rule.title.to_owned(), found.remove(rule.name).unwrap_or_default()))
        .collect();
    rules.extend(found.into_iter().map(|(name, all)| (name.to_owned(), name.to_owned(), all)));
    rules
}

fn junit(shown: &[&Finding]) -> String {
    let rules = by_rule(shown);
    let fails = |f: &&&Finding| f.level > Level::Info;
    let failures = rules.iter().filter(|(_, _, all)| all.iter().any(|f| fails(&f))).count();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(xml, "<testsuites tests=\"{}\" failures=\"{failures}\">", rules.len());
    let _ = writeln!(xml, "  <testsuite name=\"ontology\" tests=\"{}\" failures=\"{failures}\">", rules.len());
    for (name, title, findings) in &rules {
        let _ = write!(xml, "    <testcase classname=\"ontology.{}\" name=\"{}\"", escape(name), escape(title));
        if findings.is_empty() {
            xml.push_str("/>\n");
            continue;
        }
        xml.push_str(">\n");
        let lines = |level: &dyn Fn(Level) -> bool| -> Vec<String> {
            let those = findings.iter().filter(|f| level(f.level));
            those.map(|f| format!("{}: {} {}", place(f), f.entity, f.message)).collect()
        };
        let (wrong, notes) = (lines(&|l| l > Level::Info), lines(&|l| l == Level::Info));
        if let Some(first) = wrong.first() {
            let _ =
                writeln!(xml, "      <failure message=\"{}\">{}</failure>", escape(first), escape(&wrong.join("\n")));
        }
        if !notes.is_empty() {
            let _ = writeln!(xml, "      <system-out>{}</system-out>", escape(&notes.join("\n")));
        }
        xml.push_str("    </testcase>\n");
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no other control characters.
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

fn sarif(shown: &[&Finding]) -> Value {
    let level = |level: Level| match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    };
    let rules: Vec<Value> = by_rule(shown)
        .into_iter()
        .map(|(name, title, _)| json!({"id": name, "shortDescription": {"text": title}}))
        .collect();
    let results: Vec<Value> = shown
        .iter()
        .map(|f| {
            let mut text = f.message.clone();
            if !f.entity.is_empty() {
                text = format!("{}: {text}", f.entity);
            }
            if !f.hint.is_empty() {
                text = format!("{text} (hint: {})", f.hint);
            }
            let mut place = json!({"artifactLocation": {"uri": f.file}});
            if let Some(line) = f.line {
                place["region"] = json!({"startLine": line});
            }
            json!({
                "ruleId": f.rule, "level": level(f.level), "message": {"text": text},
                "locations": [{"physicalLocation": place}],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "belligraph", "version": env!("CARGO_PKG_VERSION"), "rules": rules,
            }},
            "results": results,
        }],
    })
}
