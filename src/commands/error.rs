//! The errors that end a command: what happened, to which thing, and what to do next.
//!
//! The messages for the person are in the language files.

mod account;

pub(super) use account::{account_error_text, config_path_error_text};

use super::payload_source::PayloadReadError;
use crate::account::AccountError;
use crate::api_url::ApiUrlError;
use crate::config::{ConfigPathError, ConfigProblem};
use crate::domain::{ApiKeyError, FileError, PersistenceError};
use crate::i18n::Translations;
use crate::messages;
use crate::sandbox::{Fault, StartError};
use crate::tui::event_loop::RunError;
use crate::tui::terminal::TerminalError;
use std::path::PathBuf;

/// Why a command could not run. Where the user can do something about it, the variant says what.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum CommandError {
    /// The path of the configuration is unknown.
    ConfigPath(#[from] ConfigPathError),
    /// The configuration has problems: the user corrects it.
    Config {
        /// The file; empty if its path is unknown.
        path: PathBuf,
        findings: Vec<ConfigProblem>,
    },
    /// There is no account, or it cannot be used.
    Account(#[from] AccountError),
    /// The key of the account cannot be read from its place.
    Key(#[from] ApiKeyError),
    /// The program's own texts are damaged.
    Texts(#[from] crate::cli::DamagedTexts),
    /// This command has an account of its own: the user names none.
    OwnAccount(&'static str),
    /// The sandbox's own address is invalid.
    Host(#[from] ApiUrlError),
    Sandbox(#[from] StartError),
    /// The sandbox has no fault of this name.
    UnknownFault(String),
    /// There is no terminal, or it cannot be used.
    Terminal(#[from] TerminalError),
    /// The wizard could not continue.
    Run(#[from] RunError),
    /// The path of the log file is not a plain file: the user chooses another.
    LogNotAFile(PathBuf),
    /// The payload cannot be read: the user corrects its name or permissions.
    UnreadablePayload {
        path: PathBuf,
        /// Why the system or zegel refuses the path.
        source: PayloadReadError,
    },
    /// Standard output cannot be written: the user frees space, or redirects the output.
    Output(#[source] std::io::Error),
    /// A file or directory cannot be written: the user chooses another, or corrects its permissions.
    Unwritable {
        path: PathBuf,
        /// The error of the system.
        source: std::io::Error,
    },
    /// There is no terminal to ask for confirmation: the user gives the digest of the reviewed order.
    Unconfirmed,
    /// A secret is missing, and there is no terminal to ask for it: the user gives it on standard input.
    MissingSecret(&'static str),
    /// The typed input cannot be read.
    Input(#[source] std::io::Error),
    File(#[from] FileError),
    /// The directory of drafts and the journal is unknown.
    Store(#[from] PersistenceError),
}

impl CommandError {
    /// Returns the message for the person: what is wrong, then what to do.
    pub fn message(&self, lang: &Translations) -> String {
        match self {
            Self::Account(error) => account_error_text(lang, error),
            Self::ConfigPath(lost) => config_path_error_text(lang, lost),
            Self::Key(why) => lang.format_text("trouble.key_not_had", &[("why", &messages::key_error_text(lang, why))]),
            Self::Config { path, findings } => account::config_problems_text(lang, path, findings),
            Self::Store(error) => messages::persistence_error_text(lang, error),
            Self::Host(error) => {
                let why = lang.text(error.text_id());
                lang.format_text("trouble.sandbox_address", &[("why", why)])
            }
            Self::Sandbox(StartError::PortTaken { port, .. }) => {
                lang.format_text("trouble.port", &[("port", &port.to_string())])
            }
            Self::Output(source) => of_system(lang, "trouble.output", source),
            Self::Sandbox(StartError::RecordUnwritable { path, source }) | Self::Unwritable { path, source } => {
                let (path, why) = (path.display().to_string(), messages::system_words(lang, source.into()));
                lang.format_text("trouble.record", &[("path", &path), ("why", &why)])
            }
            Self::Unconfirmed => lang.text("submit.unconfirmed").to_owned(),
            Self::MissingSecret(label) => lang.format_text("submit.no_secret", &[("label", label)]),
            Self::Input(source) => of_system(lang, "submit.input", source),
            Self::UnreadablePayload { path, source } => source.message(lang, path),
            Self::OwnAccount(command) => lang.format_text("trouble.own_account", &[("command", command)]),
            Self::LogNotAFile(path) => lang.format_text("trouble.log_kind", &[("path", &path.display().to_string())]),
            Self::File(snagged) => {
                lang.format_text("trouble.file", &[("why", &messages::file_error_text(lang, snagged))])
            }
            Self::UnknownFault(text) => {
                let names = Fault::ALL.iter().map(|fault| fault.name()).collect::<Vec<_>>().join(", ");
                lang.format_text("trouble.fault", &[("fault", text), ("names", &names)])
            }
            Self::Terminal(error) | Self::Run(RunError::Terminal(error)) => terminal_error_text(lang, error),
            Self::Sandbox(StartError::NoResources(source)) | Self::Run(RunError::System(source)) => {
                of_system(lang, "trouble.system", source)
            }
            Self::Texts(_) => lang.text("trouble.damaged").to_owned(),
        }
    }
}

/// Returns a text with the error of the system in it.
fn of_system(lang: &Translations, id: &str, error: &std::io::Error) -> String {
    lang.format_text(id, &[("why", &messages::system_words(lang, error.into()))])
}

fn terminal_error_text(lang: &Translations, error: &TerminalError) -> String {
    match error {
        TerminalError::NotATerminal => lang.text("trouble.not_a_terminal").to_owned(),
        TerminalError::TermNotSet => lang.text("trouble.unnamed").to_owned(),
        TerminalError::DumbTerminal(term) => lang.format_text("trouble.lines_only", &[("term", term)]),
        TerminalError::Io(error) => of_system(lang, "trouble.terminal", error),
    }
}
