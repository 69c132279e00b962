//! The help of the command line in one language: the texts of `assets/help`, put into clap's commands.
//!
//! clap words its own parts only in English. A template replaces its headings, and texts of zegel replace the notes
//! that clap adds to an argument. The manual pages use the texts, and leave the rest to clap.

use super::Cli;
use crate::i18n::{Language, fill_placeholders};
use clap::builder::{Resettable, StyledStr};
use clap::{Arg, Command, CommandFactory};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The maximum length of a line about an argument. It then fits in a terminal beside the names of the arguments.
const MAX_LINE_WIDTH: usize = 70;

/// The contents of one file in `assets/help`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpTexts {
    /// Headings and other words.
    pub words: BTreeMap<String, String>,
    /// The messages about an invalid command line.
    pub wrong: BTreeMap<String, String>,
    /// Arguments that several commands share, by id.
    pub shared: BTreeMap<String, ArgHelp>,
    /// The commands by name; `zegel` is the program itself.
    pub command: BTreeMap<String, CommandHelp>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandHelp {
    /// The description in one line.
    pub about: String,
    /// The text after `about` in the long help.
    pub long: String,
    /// The text after the options in the short help.
    pub after: Option<String>,
    /// The text after the options in the long help.
    pub after_long: Option<String>,
    /// The arguments by id.
    #[serde(default)]
    pub arg: BTreeMap<String, ArgHelp>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArgHelp {
    /// The name of the value.
    pub value: Option<String>,
    /// The short help, in one or two lines.
    pub help: String,
    /// The text that replaces `help` in the long help.
    pub long: Option<String>,
    /// What a value must be, for the message about an invalid value.
    pub expects: Option<String>,
}

/// A file in `assets/help` that cannot be read. The files are part of the program, and a test reads both.
#[derive(Debug, thiserror::Error)]
#[error("the texts of this zegel are damaged, please build or install it again")]
pub struct DamagedTexts(#[from] toml::de::Error);

impl HelpTexts {
    /// Loads the texts of one language.
    ///
    /// # Errors
    /// The embedded file is damaged; a test excludes that.
    pub fn load(language: Language) -> Result<Self, DamagedTexts> {
        Ok(toml::from_str(match language {
            Language::En => include_str!("../../assets/help/en.toml"),
            Language::Nl => include_str!("../../assets/help/nl.toml"),
        })?)
    }

    /// Returns the command line with its texts, for manual pages.
    pub fn manual_command(&self) -> Command {
        self.with_texts(Cli::command()).mut_subcommands(|command| self.with_texts(command))
    }

    /// Returns the command line with its texts, including those for the parts that clap generates, for completions.
    pub fn completion_command(&self) -> Command {
        let mut command = self.manual_command();
        command.build();
        self.with_generated(command)
    }

    /// Returns the command line for help: no English words of clap remain.
    pub fn help_command(&self) -> Command {
        self.translate_command(self.completion_command())
    }

    /// Returns a heading or another word. A missing word appears as its name; a test finds those.
    pub(super) fn lookup_word<'a>(&'a self, name: &'a str) -> &'a str {
        self.words.get(name).map_or(name, String::as_str)
    }

    /// Returns the texts of an argument: those of the command, or else the shared ones.
    pub(super) fn lookup_arg_help(&self, command: &str, id: &str) -> Option<&ArgHelp> {
        self.command.get(command).and_then(|texts| texts.arg.get(id)).or_else(|| self.shared.get(id))
    }

    fn with_texts(&self, command: Command) -> Command {
        let name = command.get_name().to_owned();
        let Some(CommandHelp { about, long, after, after_long, .. }) = self.command.get(&name) else { return command };
        command
            .about(about.clone())
            .long_about(format!("{about}\n\n{}", long.trim()))
            .after_help(trimmed_text(after.as_deref()))
            .after_long_help(trimmed_text(after_long.as_deref()))
            .mut_args(|arg| match self.lookup_arg_help(&name, arg.get_id().as_str()) {
                Some(texts) => with_help(arg, texts),
                None => arg,
            })
    }

    /// Sets the texts of what clap generates: the flags `--help` and `--version`, and the command `help`.
    fn with_generated(&self, command: Command) -> Command {
        let is_help = command.get_name() == "help";
        let command = command
            .mut_args(|arg| match arg.get_id().as_str() {
                "help" => arg
                    .help(self.lookup_word("help_flag").to_owned())
                    .long_help(self.lookup_word("help_flag_long").to_owned()),
                "version" => arg.help(self.lookup_word("version_flag").to_owned()),
                _ => arg,
            })
            .mut_subcommands(|command| self.with_generated(command));
        if is_help { command.about(self.lookup_word("help_command").to_owned()) } else { command }
    }

    fn translate_command(&self, command: Command) -> Command {
        let template = self.help_template(&command);
        command
            .help_template(template)
            .subcommand_value_name(self.lookup_word("usage_command").to_owned())
            .mut_args(|arg| self.with_values(arg))
            .mut_subcommands(|command| self.translate_command(command))
    }

    /// Returns the template of a command's help, with headings in this language.
    fn help_template(&self, command: &Command) -> String {
        let styles = command.get_styles();
        let usage = styles.get_usage();
        let header = styles.get_header();
        let parts = [
            ("commands", "subcommands", command.has_subcommands()),
            ("arguments", "positionals", command.get_positionals().next().is_some()),
            ("options", "options", command.get_opts().next().is_some()),
        ];
        let parts = parts.into_iter().filter(|(.., there)| *there);
        let parts =
            parts.map(|(heading, tag, _)| format!("\n\n{header}{}:{header:#}\n{{{tag}}}", self.lookup_word(heading)));
        format!(
            "{{before-help}}{{about-with-newline}}\n{usage}{}:{usage:#} {{usage}}{}{{after-help}}",
            self.lookup_word("usage"),
            parts.collect::<Vec<_>>().concat()
        )
    }

    /// Writes the default and the possible values of an argument in this language.
    fn with_values(&self, arg: Arg) -> Arg {
        if !arg.get_action().takes_values() {
            return arg;
        }
        let join = |values: Vec<String>, glue: &str| Some(values.join(glue)).filter(|joined| !joined.is_empty());
        let default = arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned());
        let default = join(default.collect(), " ")
            .map(|value| fill_placeholders(self.lookup_word("default"), &[("value", &value)]));
        let possible = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        let possible =
            join(possible, ", ").map(|values| fill_placeholders(self.lookup_word("possible"), &[("values", &values)]));
        let notes: Vec<String> = default.into_iter().chain(possible).collect();
        let short = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let long = arg.get_long_help().map_or_else(|| short.clone(), ToString::to_string);
        if notes.is_empty() {
            return arg;
        }
        let (one_line, lines) = (format!("{short} {}", notes.join(" ")), format!("{short}\n{}", notes.join(" ")));
        let fits = one_line.lines().all(|line| line.chars().count() <= MAX_LINE_WIDTH);
        arg.hide_default_value(true)
            .hide_possible_values(true)
            .help(if fits { one_line } else { lines })
            .long_help(format!("{long}\n{}", notes.join("\n")))
    }
}

fn with_help(arg: Arg, texts: &ArgHelp) -> Arg {
    let arg = arg.help(texts.help.clone()).long_help(trimmed_text(texts.long.as_deref()));
    match &texts.value {
        Some(value) => arg.value_name(value.clone()),
        None => arg,
    }
}

/// Returns a text of several lines without the line break at its end.
fn trimmed_text(text: Option<&str>) -> Resettable<StyledStr> {
    text.map_or(Resettable::Reset, |text| Resettable::Value(text.trim_end().to_owned().into()))
}
