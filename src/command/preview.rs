//! `zegel preview`: the payload as it would be sent, its digest, or how another one differs from it.
//!
//! The text is the one that Review shows. Nothing is sent, and no file changes.

use super::lines::{print, print_block, written};
use super::payload::{self, Loaded};
use super::{REFUSED, Trouble, say_line};
use crate::cli;
use crate::form::Note;
use crate::form::diff::{Change, diff};
use crate::lang::Lang;
use crate::product::{Product, pkio};
use crate::text;
use anstyle::AnsiColor;
use std::io::IsTerminal;
use std::path::Path;

/// Shows what is asked for.
pub(super) fn run(lang: &Lang, args: &cli::Preview) -> Result<u8, Trouble> {
    let product = pkio()?;
    let Some(loaded) = payload::load(lang, product, &args.file)? else { return Ok(1) };
    if let Some(other) = &args.diff {
        let Some(other) = payload::load(lang, product, other)? else { return Ok(1) };
        let differs = tell_changes(lang, product, &loaded, &other)?;
        return Ok(code(lang, &args.file, &loaded).max(u8::from(differs)));
    }
    let body = loaded.reading.form.body();
    if args.digest {
        written(print(body.digest()))?;
        return Ok(code(lang, &args.file, &loaded));
    }
    // Of this text every byte can be seen already.
    written(print_block(&format!("{}\n", body.text())))?;
    tell_notes(lang, &loaded.reading.notes);
    let code = code(lang, &args.file, &loaded);
    say_line(&lang.tell("preview.digest", &[("digest", body.short_digest())]));
    Ok(code)
}

/// The exit code. That there are errors is said: nobody can order what was shown.
fn code(lang: &Lang, path: &Path, loaded: &Loaded) -> u8 {
    if !loaded.has_errors() {
        return 0;
    }
    say_line(&lang.tell("preview.errors", &[("path", &path.display().to_string())]));
    REFUSED
}

/// What is not as it was in the file.
pub(super) fn tell_notes(lang: &Lang, notes: &[Note]) {
    for note in notes {
        say_line(&note.say(lang));
    }
}

/// A line for each member that differs. Answers whether there is one.
fn tell_changes(lang: &Lang, product: &'static Product, before: &Loaded, after: &Loaded) -> Result<bool, Trouble> {
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
    Ok(!changes.is_empty())
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
    #[case(Some("1"), None, "removed: /a 1")]
    fn a_change_is_one_line(#[case] before: Option<&str>, #[case] after: Option<&str>, #[case] said: &str) {
        let lang = Lang::load(Language::En).unwrap();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let change = Change { pointer: "/a".into(), field: None, before: owned(before), after: owned(after) };
        assert_eq!(line(&lang, pkio().unwrap(), &change), said);
    }
}
