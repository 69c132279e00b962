//! Why a command could not run: what happened, to which thing, and what to do next.
//!
//! The words for the person stand in the language files; `Display` is for logs.

mod account;

pub(super) use account::{account_words, lost_words};

use super::source::Unreadable;
use crate::account::AccountError;
use crate::config::{Finding, Lost};
use crate::facts::{KeyTrouble, Snagged, Unkept};
use crate::host::HostError;
use crate::lang::{Damaged, Lang};
use crate::product::LoadError;
use crate::run::RunError;
use crate::sandbox::{Fault, StartError};
use crate::store::StoreError;
use crate::tell;
use crate::term::TermError;
use std::path::PathBuf;

/// Why a command could not run.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It is not known where the configuration is.
    #[error(transparent)]
    Lost(#[from] Lost),
    /// Something is wrong with the configuration: mend it.
    #[error("the configuration {} is not right", path.display())]
    Config {
        /// Its file.
        path: PathBuf,
        /// What is wrong.
        findings: Vec<Finding>,
    },
    /// No account, or one that cannot be used.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The key of the account cannot be had from where it is kept.
    #[error(transparent)]
    Key(#[from] KeyTrouble),
    /// The program's own texts are damaged.
    #[error(transparent)]
    Texts(#[from] Damaged),
    /// This command has an account of its own: leave the one that was named out.
    #[error("{0} has an account of its own")]
    OwnAccount(&'static str),
    /// The sandbox's own address is none.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The sandbox did not start.
    #[error(transparent)]
    Sandbox(#[from] StartError),
    /// This text switches no fault of the sandbox on.
    #[error("no fault of the sandbox: {0}")]
    Fault(String),
    /// No terminal.
    #[error(transparent)]
    Terminal(#[from] TermError),
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
    LogKind(PathBuf),
    /// A file that is named cannot be read: mend its name or rights.
    #[error("cannot read {}", path.display())]
    Unread {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Unreadable,
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
    NoSecret(&'static str),
    /// What is typed cannot be read.
    #[error("cannot read what is typed")]
    Input(#[source] std::io::Error),
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] Snagged),
    /// There is no place for what is kept.
    #[error(transparent)]
    State(#[from] StoreError),
    /// The product file is damaged.
    #[error(transparent)]
    Product(#[from] LoadError),
}

impl Trouble {
    /// What the person reads: what is wrong, then what to do.
    pub fn say(&self, lang: &Lang) -> String {
        match self {
            Self::Account(error) => account_words(lang, error),
            Self::Lost(lost) => lost_words(lang, lost),
            Self::Key(why) => lang.tell("trouble.key_not_had", &[("why", &tell::key_words(lang, why))]),
            Self::Config { path, findings } => account::config_words(lang, path, findings),
            Self::State(error) => tell::unkept_words(lang, &Unkept::from(error)),
            Self::Host(error) => {
                let why = lang.find(&format!("address.{}", error.code())).unwrap_or_default();
                lang.tell("trouble.sandbox_address", &[("why", why)])
            }
            Self::Sandbox(StartError::PortTaken { port, .. }) => {
                lang.tell("trouble.port", &[("port", &port.to_string())])
            }
            Self::Output(source) => of_system(lang, "trouble.output", source),
            Self::Sandbox(StartError::RecordUnwritable { path, source })
            | Self::Log { path, source }
            | Self::Unwritable { path, source } => {
                let (path, why) = (path.display().to_string(), tell::system_words(lang, source.into()));
                lang.tell("trouble.record", &[("path", &path), ("why", &why)])
            }
            Self::Unconfirmed => lang.say("submit.unconfirmed").to_owned(),
            Self::NoSecret(label) => lang.tell("submit.no_secret", &[("label", label)]),
            Self::Input(source) => of_system(lang, "submit.input", source),
            Self::Unread { path, source } => source.say(lang, path),
            Self::OwnAccount(command) => lang.tell("trouble.own_account", &[("command", command)]),
            Self::LogKind(path) => lang.tell("trouble.log_kind", &[("path", &path.display().to_string())]),
            Self::File(snagged) => lang.tell("trouble.file", &[("why", &tell::snag_words(lang, snagged))]),
            Self::Fault(text) => {
                let names = Fault::ALL.map(Fault::name).join(", ");
                lang.tell("trouble.fault", &[("fault", text), ("names", &names)])
            }
            Self::Terminal(error) | Self::Run(RunError::Terminal(error)) => terminal_words(lang, error),
            Self::Sandbox(StartError::NoResources(source)) | Self::Run(RunError::System(source)) => {
                of_system(lang, "trouble.system", source)
            }
            Self::Texts(_) | Self::Product(_) => lang.say("trouble.damaged").to_owned(),
        }
    }
}

/// A text with what the system said.
fn of_system(lang: &Lang, id: &str, error: &std::io::Error) -> String {
    lang.tell(id, &[("why", &tell::system_words(lang, error.into()))])
}

fn terminal_words(lang: &Lang, error: &TermError) -> String {
    match error {
        TermError::NotATerminal => lang.say("trouble.not_a_terminal").to_owned(),
        TermError::Unnamed => lang.say("trouble.unnamed").to_owned(),
        TermError::Lines(term) => lang.tell("trouble.lines_only", &[("term", term)]),
        TermError::Io(error) => of_system(lang, "trouble.terminal", error),
    }
}
