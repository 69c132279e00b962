//! Why a command could not run: what happened, to which thing, and what to do next.
//!
//! The words for the person stand in the language files; `Display` is for logs.

mod account;

pub(super) use account::{account_error_text, config_path_error_text};

use super::payload_source::PayloadReadError;
use crate::account::AccountError;
use crate::api_url::ApiUrlError;
use crate::config::{ConfigPathError, ConfigProblem};
use crate::domain::{ApiKeyError, FileError, PersistenceError};
use crate::i18n::{DamagedTexts, Translations};
use crate::messages;
use crate::product::ProductFileError;
use crate::sandbox::{Fault, StartError};
use crate::store::StoreError;
use crate::tui::event_loop::RunError;
use crate::tui::terminal::TerminalError;
use std::path::PathBuf;

/// Why a command could not run.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It is not known where the configuration is.
    #[error(transparent)]
    ConfigPath(#[from] ConfigPathError),
    /// Something is wrong with the configuration: mend it.
    #[error("the configuration {} is not right", path.display())]
    Config {
        /// Its file.
        path: PathBuf,
        /// What is wrong.
        findings: Vec<ConfigProblem>,
    },
    /// No account, or one that cannot be used.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The key of the account cannot be had from where it is kept.
    #[error(transparent)]
    Key(#[from] ApiKeyError),
    /// The program's own texts are damaged.
    #[error(transparent)]
    Texts(#[from] DamagedTexts),
    /// This command has an account of its own: leave the one that was named out.
    #[error("{0} has an account of its own")]
    OwnAccount(&'static str),
    /// The sandbox's own address is none.
    #[error(transparent)]
    Host(#[from] ApiUrlError),
    /// The sandbox did not start.
    #[error(transparent)]
    Sandbox(#[from] StartError),
    /// This text switches no fault of the sandbox on.
    #[error("no fault of the sandbox: {0}")]
    UnknownFault(String),
    /// No terminal.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// The wizard could not go on.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The log file cannot be written: choose another, or mend its rights.
    #[error("cannot write the log file {}", path.display())]
    Log {
        /// The file that was asked for.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The log is to go where no plain file is: choose another.
    #[error("the log file {} is no plain file", .0.display())]
    LogNotAFile(PathBuf),
    /// A file that is named cannot be read: mend its name or rights.
    #[error("cannot read {}", path.display())]
    UnreadablePayload {
        /// The file.
        path: PathBuf,
        /// Why.
        source: PayloadReadError,
    },
    /// Standard output cannot be written to: make room, or send it elsewhere.
    #[error("cannot write to standard output")]
    Output(#[source] std::io::Error),
    /// A file or directory that was asked for cannot be written: choose another, or mend its rights.
    #[error("cannot write {}", path.display())]
    Unwritable {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Nobody can be asked: name the digest of what was reviewed.
    #[error("not confirmed, and nobody can be asked")]
    Unconfirmed,
    /// A secret is missing, and nobody can be asked: give it on standard input.
    #[error("{0} is missing, and nobody can be asked")]
    MissingSecret(&'static str),
    /// What is typed cannot be read.
    #[error("cannot read what is typed")]
    Input(#[source] std::io::Error),
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is no place for what is kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The product file is damaged.
    #[error(transparent)]
    Product(#[from] ProductFileError),
}

impl CommandError {
    /// What the person reads: what is wrong, then what to do.
    pub fn message(&self, lang: &Translations) -> String {
        match self {
            Self::Account(error) => account_error_text(lang, error),
            Self::ConfigPath(lost) => config_path_error_text(lang, lost),
            Self::Key(why) => lang.format_text("trouble.key_not_had", &[("why", &messages::key_error_text(lang, why))]),
            Self::Config { path, findings } => account::config_problems_text(lang, path, findings),
            Self::Store(error) => messages::persistence_error_text(lang, &PersistenceError::from(error)),
            Self::Host(error) => {
                let why = lang.find_text(&format!("address.{}", error.code())).unwrap_or_default();
                lang.format_text("trouble.sandbox_address", &[("why", why)])
            }
            Self::Sandbox(StartError::PortTaken { port, .. }) => {
                lang.format_text("trouble.port", &[("port", &port.to_string())])
            }
            Self::Output(source) => of_system(lang, "trouble.output", source),
            Self::Sandbox(StartError::RecordUnwritable { path, source })
            | Self::Log { path, source }
            | Self::Unwritable { path, source } => {
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
                let names = Fault::ALL.map(Fault::name).join(", ");
                lang.format_text("trouble.fault", &[("fault", text), ("names", &names)])
            }
            Self::Terminal(error) | Self::Run(RunError::Terminal(error)) => terminal_error_text(lang, error),
            Self::Sandbox(StartError::NoResources(source)) | Self::Run(RunError::System(source)) => {
                of_system(lang, "trouble.system", source)
            }
            Self::Texts(_) | Self::Product(_) => lang.text("trouble.damaged").to_owned(),
        }
    }
}

/// A text with what the system said.
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
