//! A trace of extraction for people: the tree, what fired and why, what did not and why not.
//!
//! `parse` shows it for a text, `extract --explain` for articles.

use crate::extract::trace::{Attempt, Link, Trace, Verdict};
use crate::facts::{Event, Evidence, Facts, MentionForm, Situation, TimeBounds, TimeSpan};
use crate::language::{Document, WordId};
use crate::lexicon::frames::TriggerIndex;
use crate::ontology::Ontology;
use crate::ontology::terms::short;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How many longer triggers are shown for a word.
const SHOWN: usize = 8;

/// What a reader is told of one document.
pub(super) struct Account<'a> {
    pub(super) document: &'a Document,
    pub(super) ontology: &'a Ontology,
    pub(super) facts: &'a Facts,
    pub(super) trace: &'a Trace,
}

impl Account<'_> {
    /// The mentions, with what they are taken for.
    pub(super) fn mentions(&self) -> String {
        let mut text = String::from("mentions\n");
        for mention in &self.facts.mentions {
            let form = match mention.form {
                MentionForm::Name => "name",
                MentionForm::Nominal => "described",
                MentionForm::Pronoun => "pronoun",
                MentionForm::Possessive => "possessive",
            };
            let entity = mention.entity.map(|e| &self.facts.entities[e]);
            let class = entity.and_then(|e| e.class.as_deref()).map(|c| format!("bg:{}", short(c)));
            let class = class.unwrap_or_else(|| format!("{:?}", mention.kind).to_lowercase());
            let mut known: Vec<String> = Vec::new();
            if let Some(entity) = entity {
                if entity.name != mention.text {
                    known.push(format!("= {}", entity.name));
                }
                known.extend(entity.known.as_deref().map(str::to_owned));
                known.extend(entity.country.clone());
                if let Some(location) = &entity.location {
                    known.push(format!("{:.3}, {:.3}", location.latitude, location.longitude));
                }
            }
            let _ = writeln!(text, "  {}  {form}, {class}  {}", one_line(&mention.text), known.join("  "));
        }
        text
    }

    /// Every frame that was tried, those that fired first for each word.
    pub(super) fn attempts(&self) -> String {
        let mut text = String::from("frames\n");
        let mut words: Vec<WordId> = self.trace.attempts.iter().map(|a| a.trigger).collect();
        words.dedup();
        if words.is_empty() {
            text.push_str("  no word here is a trigger of a frame\n");
        }
        for word in words {
            let mut here: Vec<&Attempt> = self.trace.attempts.iter().filter(|a| a.trigger == word).collect();
            here.sort_by_key(|a| !matches!(a.verdict, Verdict::Fired { .. }));
            let arguments: Vec<String> =
                here[0].arguments.iter().map(|(r, w)| format!("{r} {}", self.document.form(*w))).collect();
            let stands = if arguments.is_empty() { String::new() } else { format!("  ({})", arguments.join(", ")) };
            let _ = writeln!(text, "  {}{stands}", self.document.form(word));
            for attempt in here {
                self.attempt(&mut text, attempt);
            }
        }
        text
    }

    fn attempt(&self, text: &mut String, attempt: &Attempt) {
        let frame = format!("frame:{}", short(&attempt.frame));
        let words: Vec<&str> = attempt.words.iter().map(|&w| self.document.form(w)).collect();
        let trigger = if words.len() > 1 { format!(" by \"{}\"", words.join(" ")) } else { String::new() };
        match &attempt.verdict {
            Verdict::Fired { links, modality } => {
                let _ = writeln!(
                    text,
                    "    fires {frame}{trigger}: {} ({})",
                    self.label(&attempt.evokes),
                    modality.as_str()
                );
                for link in links {
                    let _ = writeln!(text, "      {}", self.link(link));
                }
            }
            other => {
                let _ = writeln!(text, "    not   {frame}{trigger}: {}", other.reason(self.document));
            }
        }
    }

    /// Triggers of several words that begin with a word of the text and are not there in full.
    pub(super) fn near_triggers(&self, index: &TriggerIndex) -> String {
        let mut text = String::new();
        let tried: BTreeSet<(WordId, &str)> =
            self.trace.attempts.iter().map(|a| (a.trigger, a.frame.as_ref())).collect();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        for word in 0..self.document.words().len() {
            if !seen.insert(self.document.lemma(word).to_lowercase()) {
                continue;
            }
            let mut found: Vec<String> = Vec::new();
            for (frame, words) in index.longer(self.document, word) {
                let frame = &self.ontology.frames()[frame];
                if !tried.contains(&(word, frame.iri.as_ref())) {
                    found.push(format!("\"{words}\" (frame:{})", short(&frame.iri)));
                }
            }
            if found.len() > SHOWN {
                let more = format!("and {} more", found.len() - SHOWN);
                found.truncate(SHOWN);
                found.push(more);
            }
            if !found.is_empty() {
                let _ = writeln!(text, "  {} could begin {}", self.document.form(word), found.join(", "));
            }
        }
        if text.is_empty() { text } else { format!("longer triggers that are not complete\n{text}") }
    }

    /// The facts, each with its frame, the way through the tree and the words; then the triggers that gave nothing.
    pub(super) fn facts(&self) -> String {
        let mut text = String::new();
        for (event, tellings) in self.facts.events.iter().zip(&self.trace.events) {
            self.event(&mut text, event, tellings);
        }
        for situation in &self.facts.situations {
            self.situation(&mut text, situation);
        }
        let mut silent = String::new();
        let fired: BTreeSet<WordId> = self
            .trace
            .attempts
            .iter()
            .filter(|a| matches!(a.verdict, Verdict::Fired { .. }))
            .map(|a| a.trigger)
            .collect();
        let mut shown: Option<usize> = None;
        for attempt in self.trace.attempts.iter().filter(|a| !fired.contains(&a.trigger)) {
            let sentence = self.document.sentence_of(attempt.trigger);
            if shown != Some(sentence) {
                let _ = writeln!(silent, "  in: {}", one_line(self.sentence(sentence)));
                shown = Some(sentence);
            }
            let _ = writeln!(
                silent,
                "    {}  frame:{}: {}",
                self.document.form(attempt.trigger),
                short(&attempt.frame),
                attempt.verdict.reason(self.document)
            );
        }
        if !silent.is_empty() {
            let _ = write!(text, "words that gave nothing\n{silent}");
        }
        text
    }

    fn event(&self, text: &mut String, event: &Event, tellings: &[WordId]) {
        let _ = write!(text, "{} (bg:{}), {}", self.label(&event.class), short(&event.class), event.modality.as_str());
        if let Some(source) = event.according_to {
            let _ = write!(text, ", according to {}", self.facts.entities[source].name);
        }
        text.push('\n');
        for (i, &trigger) in tellings.iter().enumerate() {
            let told = self.trace.attempts.iter().find(|a| {
                a.trigger == trigger
                    && matches!(a.verdict, Verdict::Fired { .. })
                    && (i > 0 || a.frame == event.frame)
                    && self.ontology.situation(&a.evokes).is_none()
            });
            let Some(told) = told else {
                let (word, sentence) = (self.document.form(trigger), self.document.sentence_of(trigger));
                let _ =
                    writeln!(text, "  read from the toll at \"{word}\"\n    in: {}", one_line(self.sentence(sentence)));
                continue;
            };
            let words: Vec<&str> = told.words.iter().map(|&w| self.document.form(w)).collect();
            let by = if i == 0 { "read from" } else { "also told by" };
            let _ = writeln!(text, "  {by} \"{}\" by frame:{}", words.join(" "), short(&told.frame));
            let _ = writeln!(text, "    in: {}", one_line(self.sentence(self.document.sentence_of(trigger))));
            if let Verdict::Fired { links, .. } = &told.verdict {
                for link in links {
                    let _ = writeln!(text, "    {}", self.link(link));
                }
            }
        }
        for place in event.places.iter().filter(|p| p.inherited) {
            let _ = writeln!(text, "  at \"{}\", taken over from the text around it", one_line(&place.name));
        }
        match &event.time {
            Some(TimeSpan::At(bounds)) => {
                let _ = writeln!(text, "  when: {}", when(bounds));
            }
            Some(TimeSpan::Lasting { begin, end }) => {
                for (name, bounds) in [("begin", begin), ("end", end)] {
                    if let Some(bounds) = bounds {
                        let _ = writeln!(text, "  {name}: {}", when(bounds));
                    }
                }
            }
            None => {}
        }
        for report in &event.casualties {
            let max = report.max.map_or_else(|| "or more".to_owned(), |max| format!("to {max}"));
            let _ = writeln!(
                text,
                "  {:?} {} {max}, {:?}: \"{}\" in \"{}\"",
                report.outcome,
                report.min,
                report.victims,
                report.wording,
                one_line(&self.words(report.evidence))
            );
        }
        text.push('\n');
    }

    fn situation(&self, text: &mut String, situation: &Situation) {
        let name = self.ontology.exchange_name(&situation.kind).unwrap_or(short(&situation.kind));
        let _ = writeln!(
            text,
            "{} {name} {}\n  read from \"{}\"\n    in: {}\n",
            one_line(&situation.subject.name),
            one_line(&situation.object.name),
            one_line(&self.words(situation.evidence)),
            one_line(&self.words(Evidence {
                start: situation.evidence.sentence_start,
                end: situation.evidence.sentence_end,
                ..situation.evidence
            }))
        );
    }

    fn label(&self, class: &str) -> String {
        self.ontology.label(class).unwrap_or(short(class)).to_owned()
    }

    fn link(&self, link: &Link) -> String {
        let words = self.document.words();
        let span = words[link.words.start].span.cover(words[link.words.end - 1].span);
        let role = link.role.as_deref().map_or("at", short);
        format!("{role}: \"{}\"  {}", one_line(span.of(self.document.text())), link.path)
    }

    fn sentence(&self, sentence: usize) -> &str {
        self.document.sentences()[sentence].span.of(self.document.text())
    }

    /// Where in the text some evidence stands, in bytes.
    fn bytes(&self, evidence: Evidence) -> (usize, usize) {
        let text = self.document.text();
        let base = match evidence.field {
            crate::article::Field::Headline => 0,
            crate::article::Field::Body => {
                let headline = self.document.sentences().iter().take_while(|s| s.headline).last();
                headline.map_or(0, |s| {
                    text[s.span.end as usize..].find("\n\n").map_or(0, |at| s.span.end as usize + at + 2)
                })
            }
        };
        let at = |count: u32| text[base..].char_indices().nth(count as usize).map_or(text.len(), |(i, _)| base + i);
        (at(evidence.start), at(evidence.end))
    }

    fn words(&self, evidence: Evidence) -> String {
        let (from, to) = self.bytes(evidence);
        self.document.text().get(from..to).unwrap_or_default().to_owned()
    }
}

fn when(bounds: &TimeBounds) -> String {
    let day = |date: Option<jiff::civil::Date>| date.map_or_else(|| "?".to_owned(), |date| date.to_string());
    let words = bounds.words.as_ref().map(|words| format!(", read from \"{}\"", one_line(words)));
    format!("{} to {}{}", day(bounds.earliest), day(bounds.latest), words.unwrap_or_default())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
