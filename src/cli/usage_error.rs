//! The text that the program prints for `--help`, `--version` or an invalid command line.
//!
//! clap finds the error but words it only in English; this module words it in the language of the user. clap gives
//! some suggestions only as English sentences, so they are recognized by the form of the sentence.

use super::HelpTexts;
use crate::i18n::fill_placeholders;
use crate::text::visible;
use clap::builder::{StyledStr, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, Error};

/// The placeholder that clap writes into a usage line, in English only.
const OPTIONS_PLACEHOLDER: &str = "[OPTIONS]";

/// The options that lift a protection of `zegel submit`. The program never suggests them for a misspelled option: a
/// person who wants to lift a protection finds the option in the help.
const PROTECTION_OVERRIDES: &[&str] = &["--despite", "--unprotected", "--journal-lost"];

/// The heading that clap puts before the usage in an error.
const USAGE_HEADING: &str = "Usage:";

impl HelpTexts {
    /// Returns the help or the version that the user asked for, or the error that clap found with this command.
    pub fn render_clap_error(&self, end: &Error, command: &Command) -> StyledStr {
        let message = if end.use_stderr() {
            UsageError { help: self, error: end, command, styles: command.get_styles() }.render_message()
        } else {
            end.render().ansi().to_string()
        };
        message.replace(OPTIONS_PLACEHOLDER, self.lookup_word("usage_options")).into()
    }
}

struct UsageError<'a> {
    help: &'a HelpTexts,
    error: &'a Error,
    command: &'a Command,
    styles: &'a Styles,
}

impl UsageError<'_> {
    /// Returns the whole message: the error, suggestions, the usage, and where to find more help.
    fn render_message(&self) -> String {
        let (error, tip) = (self.styles.get_error(), self.styles.get_valid());
        let mut parts = vec![format!("{error}{}{error:#} {}", self.plain_text("error", &[]), self.error_text())];
        let tips = self
            .suggestion_texts()
            .into_iter()
            .map(|words| format!("  {tip}{}{tip:#} {words}", self.plain_text("tip", &[])));
        parts.push(tips.collect::<Vec<_>>().join("\n"));
        if let Some(usage) = self.usage_text() {
            let heading = format!("{}:", self.help.lookup_word("usage"));
            parts.push(usage.ansi().to_string().replacen(USAGE_HEADING, &heading, 1));
        }
        parts.push(self.highlighted_text("more", &[("flag", "--help")]));
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n") + "\n"
    }

    /// Returns the usage of the command. For an unknown option, clap's own usage contains the option that it suggests,
    /// so the usage is rendered again.
    fn usage_text(&self) -> Option<StyledStr> {
        let Some(ContextValue::StyledStr(usage)) = self.error.get(ContextKind::Usage) else { return None };
        if self.error.kind() != ErrorKind::UnknownArgument {
            return Some(usage.clone());
        }
        let plain = usage.to_string();
        let named = plain.split_whitespace().find_map(|word| self.command.find_subcommand(word));
        Some(named.unwrap_or(self.command).clone().render_usage())
    }

    fn error_text(&self) -> String {
        let argument = self.context_value(ContextKind::InvalidArg);
        let value = self.context_value(ContextKind::InvalidValue);
        match self.error.kind() {
            ErrorKind::UnknownArgument if argument.starts_with('-') => {
                self.highlighted_text("unknown_option", &[("argument", &argument)])
            }
            ErrorKind::UnknownArgument => self.highlighted_text("unexpected", &[("argument", &argument)]),
            ErrorKind::InvalidSubcommand => self.highlighted_text(
                "unknown_command",
                &[("argument", &self.context_value(ContextKind::InvalidSubcommand))],
            ),
            ErrorKind::InvalidValue if value.is_empty() => {
                self.highlighted_text("no_value", &[("argument", &argument)]) + &self.possible_values_text()
            }
            ErrorKind::InvalidValue => {
                self.highlighted_text("invalid", &[("value", &value), ("argument", &argument)])
                    + &self.possible_values_text()
            }
            ErrorKind::ValueValidation => self.invalid_value_text(&argument, &value),
            ErrorKind::TooManyValues => {
                self.highlighted_text("takes_none", &[("argument", &argument), ("value", &value)])
            }
            ErrorKind::MissingRequiredArgument => {
                self.plain_text("missing", &[]) + &self.argument_list_text(ContextKind::InvalidArg)
            }
            ErrorKind::ArgumentConflict => self.conflict_text(&argument),
            ErrorKind::InvalidUtf8 => self.plain_text("not_text", &[]),
            // The other kinds need types of arguments that zegel does not have.
            _ => self.plain_text("other", &[]),
        }
    }

    fn invalid_value_text(&self, argument: &str, value: &str) -> String {
        let expected = self.command.get_subcommands().find_map(|command| {
            let arg = command.get_arguments().find(|arg| arg.to_string() == argument)?;
            self.help.lookup_arg_help(command.get_name(), arg.get_id().as_str())?.expects.as_deref()
        });
        let Some(expected) = expected else {
            return self.highlighted_text("invalid", &[("value", value), ("argument", argument)]);
        };
        // The expected value is a text of zegel, so it is not highlighted like the user's own words.
        let (value, argument) = (self.highlight_typed(value), self.highlight_typed(argument));
        self.plain_text("invalid_number", &[("value", &value), ("argument", &argument), ("expected", expected)])
    }

    fn conflict_text(&self, argument: &str) -> String {
        match self.error.get(ContextKind::PriorArg) {
            Some(ContextValue::String(other)) if other == argument => {
                self.highlighted_text("repeated", &[("argument", argument)])
            }
            Some(ContextValue::String(other)) => {
                self.highlighted_text("conflict", &[("argument", argument), ("other", other.as_str())])
            }
            Some(ContextValue::Strings(_)) => {
                self.highlighted_text("conflicts", &[("argument", argument)])
                    + &self.argument_list_text(ContextKind::PriorArg)
            }
            _ => self.plain_text("other", &[]),
        }
    }

    fn suggestion_texts(&self) -> Vec<String> {
        let similar = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
        let similar = similar
            .into_iter()
            .map(|kind| self.context_values(kind))
            .filter(|names| !names.is_empty() && !overrides_protection(names));
        let mut tips: Vec<String> = similar.map(|names| self.similar_names_text(&names)).collect();
        if let Some(ContextValue::StyledStrs(proposals)) = self.error.get(ContextKind::Suggested) {
            tips.extend(proposals.iter().filter_map(|proposal| self.proposal_text(&proposal.to_string())));
        }
        tips
    }

    fn similar_names_text(&self, names: &[String]) -> String {
        let valid = self.styles.get_valid();
        let names: Vec<String> = names.iter().map(|name| format!("'{valid}{}{valid:#}'", visible(name))).collect();
        self.plain_text("similar", &[("names", &names.join(&self.plain_text("or", &[])))])
    }

    /// Translates a suggestion that clap gives only as a sentence. Returns `None` if the sentence is unknown, or if it
    /// suggests an option that lifts a protection.
    fn proposal_text(&self, sentence: &str) -> Option<String> {
        let argument = match self.context_value(ContextKind::InvalidArg) {
            argument if argument.is_empty() => self.context_value(ContextKind::InvalidSubcommand),
            argument => argument,
        };
        if sentence.starts_with("to pass '") {
            return Some(self.highlighted_text("as_value", &[("argument", &argument)]));
        }
        if sentence.starts_with("subcommand '") {
            return Some(self.highlighted_text("dashes", &[("argument", &argument)]));
        }
        let elsewhere = sentence.strip_prefix('\'')?.strip_suffix("' exists")?;
        if overrides_protection(&[elsewhere.to_owned()]) {
            return None;
        }
        Some(self.highlighted_text("elsewhere", &[("names", elsewhere)]))
    }

    /// Returns the values that an argument accepts, in brackets on a line of their own.
    fn possible_values_text(&self) -> String {
        let values = self.context_values(ContextKind::ValidValue).join(", ");
        if values.is_empty() {
            return String::new();
        }
        format!("\n  {}", fill_placeholders(self.help.lookup_word("possible"), &[("values", &values)]))
    }

    /// Returns the arguments, one per line.
    fn argument_list_text(&self, kind: ContextKind) -> String {
        let valid = self.styles.get_valid();
        let lines = self.context_values(kind);
        let lines = lines.iter().map(|name| format!("\n  {valid}{}{valid:#}", visible(name)));
        lines.collect::<Vec<_>>().concat()
    }

    fn context_value(&self, kind: ContextKind) -> String {
        match self.error.get(kind) {
            Some(ContextValue::String(value)) => value.clone(),
            _ => String::new(),
        }
    }

    fn context_values(&self, kind: ContextKind) -> Vec<String> {
        match self.error.get(kind) {
            Some(ContextValue::String(value)) => vec![value.clone()],
            Some(ContextValue::Strings(values)) => values.clone(),
            _ => Vec::new(),
        }
    }

    /// Fills a text with values that the user typed, and highlights them.
    fn highlighted_text(&self, name: &str, values: &[(&str, &str)]) -> String {
        let values: Vec<(&str, String)> =
            values.iter().map(|(name, value)| (*name, self.highlight_typed(value))).collect();
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.plain_text(name, &values)
    }

    /// Fills a text. A missing text appears as its name; a test finds those.
    fn plain_text(&self, name: &str, values: &[(&str, &str)]) -> String {
        fill_placeholders(self.help.wrong.get(name).map_or(name, String::as_str), values)
    }

    /// Highlights what the user typed, with control characters made visible.
    fn highlight_typed(&self, typed: &str) -> String {
        let literal = self.styles.get_literal();
        format!("{literal}{}{literal:#}", visible(typed))
    }
}

/// Returns true if one of these options lifts a protection.
fn overrides_protection(names: &[String]) -> bool {
    names.iter().flat_map(|name| name.split_whitespace()).any(|word| PROTECTION_OVERRIDES.contains(&word))
}
