//! What is said where the command line asks for help, or cannot be understood.
//!
//! clap finds what is wrong, and says it in English alone; here it is said with the texts of a language. What clap
//! proposes is known by the shape of its sentence, where it gives nothing else.

use super::Help;
use crate::lang::fill;
use crate::text::visible;
use clap::builder::{StyledStr, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

/// Whatever clap writes into a usage, in English alone.
const OPTIONS: &str = "[OPTIONS]";

/// The options that lift a protection of `zegel submit`. They are never proposed in place of one that was misspelled:
/// a person who wants to lift a protection finds the option in the help.
const LIFTING: &[&str] = &["--despite", "--unprotected", "--journal-lost"];

/// The heading of a usage that comes with an error.
const USAGE: &str = "Usage:";

impl Help {
    /// The help or the version that was asked for, or what is wrong, as clap came to it with this command.
    pub fn explain(&self, end: &Error, command: &Command) -> StyledStr {
        let said = if end.use_stderr() {
            Complaint { help: self, error: end, command, styles: command.get_styles() }.say()
        } else {
            end.render().ansi().to_string()
        };
        said.replace(OPTIONS, self.word("usage_options")).into()
    }
}

/// Something that is wrong with a command line.
struct Complaint<'a> {
    help: &'a Help,
    error: &'a Error,
    command: &'a Command,
    styles: &'a Styles,
}

impl Complaint<'_> {
    /// All of it: what is wrong, what may have been meant, how the command is used, and where there is more.
    fn say(&self) -> String {
        let (error, tip) = (self.styles.get_error(), self.styles.get_valid());
        let mut parts = vec![format!("{error}{}{error:#} {}", self.plain("error", &[]), self.what())];
        let tips = self.tips().into_iter().map(|words| format!("  {tip}{}{tip:#} {words}", self.plain("tip", &[])));
        parts.push(tips.collect::<Vec<_>>().join("\n"));
        if let Some(usage) = self.usage() {
            let heading = format!("{}:", self.help.word("usage"));
            parts.push(usage.ansi().to_string().replacen(USAGE, &heading, 1));
        }
        parts.push(self.text("more", &[("flag", "--help")]));
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n") + "\n"
    }

    /// How the command is used. What clap gives beside an unknown option has the one in it that it proposes.
    fn usage(&self) -> Option<StyledStr> {
        let Some(ContextValue::StyledStr(usage)) = self.error.get(ContextKind::Usage) else { return None };
        if self.error.kind() != ErrorKind::UnknownArgument {
            return Some(usage.clone());
        }
        let plain = usage.to_string();
        let named = plain.split_whitespace().find_map(|word| self.command.find_subcommand(word));
        Some(named.unwrap_or(self.command).clone().render_usage())
    }

    /// What is wrong.
    fn what(&self) -> String {
        let argument = self.one(ContextKind::InvalidArg);
        let value = self.one(ContextKind::InvalidValue);
        match self.error.kind() {
            ErrorKind::UnknownArgument if argument.starts_with('-') => {
                self.text("unknown_option", &[("argument", &argument)])
            }
            ErrorKind::UnknownArgument => self.text("unexpected", &[("argument", &argument)]),
            ErrorKind::InvalidSubcommand => {
                self.text("unknown_command", &[("argument", &self.one(ContextKind::InvalidSubcommand))])
            }
            ErrorKind::InvalidValue if value.is_empty() => {
                self.text("no_value", &[("argument", &argument)]) + &self.possible()
            }
            ErrorKind::InvalidValue => {
                self.text("invalid", &[("value", &value), ("argument", &argument)]) + &self.possible()
            }
            ErrorKind::ValueValidation => self.unfit(&argument, &value),
            ErrorKind::TooManyValues => self.text("takes_none", &[("argument", &argument), ("value", &value)]),
            ErrorKind::MissingRequiredArgument => self.plain("missing", &[]) + &self.listed(ContextKind::InvalidArg),
            ErrorKind::ArgumentConflict => self.conflict(&argument),
            ErrorKind::InvalidUtf8 => self.plain("not_text", &[]),
            // The other kinds need arguments of a sort that zegel does not have.
            _ => self.plain("other", &[]),
        }
    }

    /// A value that is not what its argument takes.
    fn unfit(&self, argument: &str, value: &str) -> String {
        let expected = self.command.get_subcommands().find_map(|command| {
            let arg = command.get_arguments().find(|arg| arg.to_string() == argument)?;
            self.help.arg(command.get_name(), arg.get_id().as_str())?.expects.as_deref()
        });
        let Some(expected) = expected else {
            return self.text("invalid", &[("value", value), ("argument", argument)]);
        };
        // It is a text of zegel's own, and is not set off as what was typed is.
        let (value, argument) = (self.set_off(value), self.set_off(argument));
        self.plain("invalid_number", &[("value", &value), ("argument", &argument), ("expected", expected)])
    }

    fn conflict(&self, argument: &str) -> String {
        match self.error.get(ContextKind::PriorArg) {
            Some(ContextValue::String(other)) if other == argument => self.text("repeated", &[("argument", argument)]),
            Some(ContextValue::String(other)) => {
                self.text("conflict", &[("argument", argument), ("other", other.as_str())])
            }
            Some(ContextValue::Strings(_)) => {
                self.text("conflicts", &[("argument", argument)]) + &self.listed(ContextKind::PriorArg)
            }
            _ => self.plain("other", &[]),
        }
    }

    /// What may have been meant.
    fn tips(&self) -> Vec<String> {
        let similar = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
        let similar =
            similar.into_iter().map(|kind| self.many(kind)).filter(|names| !names.is_empty() && !lifts(names));
        let mut tips: Vec<String> = similar.map(|names| self.similar(&names)).collect();
        if let Some(ContextValue::StyledStrs(proposals)) = self.error.get(ContextKind::Suggested) {
            tips.extend(proposals.iter().filter_map(|proposal| self.proposal(&proposal.to_string())));
        }
        tips
    }

    fn similar(&self, names: &[String]) -> String {
        let valid = self.styles.get_valid();
        let names: Vec<String> = names.iter().map(|name| format!("'{valid}{}{valid:#}'", visible(name))).collect();
        self.plain("similar", &[("names", &names.join(&self.plain("or", &[])))])
    }

    /// A proposal that clap gives as a sentence.
    fn proposal(&self, sentence: &str) -> Option<String> {
        let argument = match self.one(ContextKind::InvalidArg) {
            argument if argument.is_empty() => self.one(ContextKind::InvalidSubcommand),
            argument => argument,
        };
        if sentence.starts_with("to pass '") {
            return Some(self.text("as_value", &[("argument", &argument)]));
        }
        if sentence.starts_with("subcommand '") {
            return Some(self.text("dashes", &[("argument", &argument)]));
        }
        let elsewhere = sentence.strip_prefix('\'')?.strip_suffix("' exists")?;
        if lifts(&[elsewhere.to_owned()]) {
            return None;
        }
        Some(self.text("elsewhere", &[("names", elsewhere)]))
    }

    /// The values that an argument takes, in brackets on a line of their own.
    fn possible(&self) -> String {
        let values = self.many(ContextKind::ValidValue).join(", ");
        if values.is_empty() {
            return String::new();
        }
        format!("\n  {}", fill(self.help.word("possible"), &[("values", &values)]))
    }

    /// Arguments, each on a line.
    fn listed(&self, kind: ContextKind) -> String {
        let valid = self.styles.get_valid();
        let lines = self.many(kind);
        let lines = lines.iter().map(|name| format!("\n  {valid}{}{valid:#}", visible(name)));
        lines.collect::<Vec<_>>().concat()
    }

    fn one(&self, kind: ContextKind) -> String {
        match self.error.get(kind) {
            Some(ContextValue::String(value)) => value.clone(),
            _ => String::new(),
        }
    }

    fn many(&self, kind: ContextKind) -> Vec<String> {
        match self.error.get(kind) {
            Some(ContextValue::String(value)) => vec![value.clone()],
            Some(ContextValue::Strings(values)) => values.clone(),
            _ => Vec::new(),
        }
    }

    /// A text with what was typed set off in it.
    fn text(&self, name: &str, values: &[(&str, &str)]) -> String {
        let values: Vec<(&str, String)> = values.iter().map(|(name, value)| (*name, self.set_off(value))).collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.plain(name, &values)
    }

    /// A text. One that is not there is shown by its name; a test finds those.
    fn plain(&self, name: &str, values: &[(&str, &str)]) -> String {
        fill(self.help.wrong.get(name).map_or(name, String::as_str), values)
    }

    /// What was typed, made visible.
    fn set_off(&self, typed: &str) -> String {
        let literal = self.styles.get_literal();
        format!("{literal}{}{literal:#}", visible(typed))
    }
}

/// Whether an option among these lifts a protection.
fn lifts(names: &[String]) -> bool {
    names.iter().flat_map(|name| name.split_whitespace()).any(|word| LIFTING.contains(&word))
}
