//! `zegel preview`: the payload as it would be sent, its digest, or how another one differs from it.
//!
//! The text is the one that Review shows. Nothing is sent, and no file changes.

use super::lines::{print, print_block, written};
use super::payload::{self, Loaded};
use super::{Trouble, say_line};
use crate::cli;
use crate::form::Note;
use crate::form::diff::{Change, diff};
use crate::lang::Lang;
use crate::product::{Product, pkio};
use crate::text;
use anstyle::AnsiColor;
use std::io::IsTerminal;

/// Shows what is asked for.
pub(super) fn run(lang: &Lang, args: &cli::Preview) -> Result<u8, Trouble> {
    let product = pkio()?;
    let Some(loaded) = payload::load(lang, product, &args.file)? else { return Ok(1) };
    if let Some(other) = &args.diff {
        let Some(other) = payload::load(lang, product, other)? else { return Ok(1) };
        return tell_changes(lang, product, &loaded, &other);
    }
    let body = loaded.reading.form.body();
    if args.digest {
        written(print(body.digest()))?;
        return Ok(0);
    }
    // Of this text every byte can be seen already.
    written(print_block(&format!("{}\n", body.text())))?;
    tell_notes(lang, &loaded.reading.notes);
    if loaded.has_errors() {
        let path = args.file.display().to_string();
        say_line(&lang.tell("preview.errors", &[("path", &path)]));
    }
    say_line(&lang.tell("preview.digest", &[("digest", body.short_digest())]));
    Ok(0)
}

/// What is not as it was in the file.
pub(super) fn tell_notes(lang: &Lang, notes: &[Note]) {
    for note in notes {
        say_line(&note.say(lang));
    }
}

/// A line for each member that differs.
fn tell_changes(lang: &Lang, product: &'static Product, before: &Loaded, after: &Loaded) -> Result<u8, Trouble> {
    let changes = diff(&before.reading.form, &after.reading.form);
    let color = std::io::stdout().is_terminal() && super::has_color();
    written(changes.iter().try_for_each(|change| {
        let line = line(lang, product, change);
        let style = tone(change).on_default();
        let shown = text::visible(&line);
        print_block(&if color { format!("{style}{shown}{style:#}\n") } else { format!("{shown}\n") })
    }))?;
    if changes.is_empty() {
        say_line(lang.say("preview.same"));
    }
    Ok(u8::from(!changes.is_empty()))
}

fn tone(change: &Change) -> AnsiColor {
    match (&change.before, &change.after) {
        (None, _) => AnsiColor::Green,
        (_, None) => AnsiColor::Red,
        _ => AnsiColor::Yellow,
    }
}

/// What changed, in words.
fn line(lang: &Lang, product: &'static Product, change: &Change) -> String {
    let label = change.field.map(|id| format!(" ({})", product[id].label.in_language(lang.language)));
    let place = format!("{}{}", change.pointer, label.unwrap_or_default());
    let place = place.as_str();
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            lang.tell("preview.changed", &[("place", place), ("before", before), ("after", after)])
        }
        (None, Some(after)) => lang.tell("preview.added", &[("place", place), ("after", after)]),
        (before, None) => {
            lang.tell("preview.gone", &[("place", place), ("before", before.as_deref().unwrap_or_default())])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Language;
    use rstest::rstest;

    #[rstest]
    #[case(Some("1"), Some("2"), "changed: /a 1 → 2")]
    #[case(None, Some("2"), "added:   /a 2")]
    #[case(Some("1"), None, "gone:    /a 1")]
    fn a_change_is_one_line(#[case] before: Option<&str>, #[case] after: Option<&str>, #[case] said: &str) {
        let lang = Lang::load(Language::En).unwrap();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let change = Change { pointer: "/a".into(), field: None, before: owned(before), after: owned(after) };
        assert_eq!(line(&lang, pkio().unwrap(), &change), said);
    }
}
