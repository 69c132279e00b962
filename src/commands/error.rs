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
use crate::i18n::{TextId, Translations, texts, with};
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
            Self::Key(why) => lang.format(texts::trouble::KEY_NOT_HAD, with::Why(&messages::key_error_text(lang, why))),
            Self::Config { path, findings } => account::config_problems_text(lang, path, findings),
            Self::Store(error) => messages::persistence_error_text(lang, error),
            Self::Host(error) => {
                let why = lang.text(error.text_id());
                lang.format(texts::trouble::SANDBOX_ADDRESS, with::Why(&why))
            }
            Self::Sandbox(StartError::PortTaken { port, .. }) => lang.format(texts::trouble::PORT, with::Port(&port)),
            Self::Output(source) => of_system(lang, texts::trouble::OUTPUT, source),
            Self::Sandbox(StartError::RecordUnwritable { path, source }) | Self::Unwritable { path, source } => {
                let (path, why) = (path.display().to_string(), messages::system_words(lang, source.into()));
                lang.format(texts::trouble::RECORD, (with::Path(&path), with::Why(&why)))
            }
            Self::Unconfirmed => lang.text(texts::submit::UNCONFIRMED).to_owned(),
            Self::MissingSecret(label) => lang.format(texts::submit::NO_SECRET, with::Label(&label)),
            Self::Input(source) => of_system(lang, texts::submit::INPUT, source),
            Self::UnreadablePayload { path, source } => source.message(lang, path),
            Self::OwnAccount(command) => lang.format(texts::trouble::OWN_ACCOUNT, with::Command(&command)),
            Self::LogNotAFile(path) => lang.format(texts::trouble::LOG_KIND, with::Path(&path.display())),
            Self::File(snagged) => {
                lang.format(texts::trouble::FILE, with::Why(&messages::file_error_text(lang, snagged)))
            }
            Self::UnknownFault(text) => {
                let names = Fault::ALL.iter().map(|fault| fault.name()).collect::<Vec<_>>().join(", ");
                lang.format(texts::trouble::FAULT, (with::Fault(&text), with::Names(&names)))
            }
            Self::Terminal(error) | Self::Run(RunError::Terminal(error)) => terminal_error_text(lang, error),
            Self::Sandbox(StartError::NoResources(source)) | Self::Run(RunError::System(source)) => {
                of_system(lang, texts::trouble::SYSTEM, source)
            }
            Self::Texts(_) => lang.text(texts::trouble::DAMAGED).to_owned(),
        }
    }
}

/// Returns a text with the error of the system in it.
fn of_system(lang: &Translations, id: TextId<with::Why<'_>>, error: &std::io::Error) -> String {
    lang.format(id, with::Why(&messages::system_words(lang, error.into())))
}

fn terminal_error_text(lang: &Translations, error: &TerminalError) -> String {
    match error {
        TerminalError::NotATerminal => lang.text(texts::trouble::NOT_A_TERMINAL).to_owned(),
        TerminalError::TermNotSet => lang.text(texts::trouble::UNNAMED).to_owned(),
        TerminalError::DumbTerminal(term) => lang.format(texts::trouble::LINES_ONLY, with::Term(&term)),
        TerminalError::Io(error) => of_system(lang, texts::trouble::TERMINAL, error),
    }
}
