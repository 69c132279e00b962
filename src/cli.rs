//! The command line: its commands and their arguments.
//!
//! This module only parses; `commands` runs what was parsed. The help texts are in `assets/help`, in English and
//! Dutch. They replace what clap would generate from the doc comments here.

mod check;
mod completions;
mod config;
mod doctor;
mod fields;
mod help;
mod preview;
mod resolve;
mod review;
mod sandbox;
mod status;
mod submit;
mod usage_error;

pub use check::CheckArgs;
pub use completions::{CompletionsArgs, ManualArgs};
pub use config::ConfigArgs;
pub use doctor::DoctorArgs;
pub use fields::FieldsArgs;
pub use help::{ArgHelp, CommandHelp, DamagedTexts, HelpTexts};
pub use preview::PreviewArgs;
pub use resolve::ResolveArgs;
pub use review::ReviewArgs;
pub use sandbox::SandboxArgs;
pub use status::StatusArgs;
pub use submit::SubmitArgs;

use crate::i18n::Language;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Order a PKIo Qualified eSeal certificate from DigiCert CertCentral Europe, in the terminal
#[derive(Debug, Parser)]
#[command(version, name = "zegel", arg_required_else_help = false)]
pub struct Cli {
    /// Language.
    #[arg(long, global = true, display_order = 100, value_enum)]
    pub lang: Option<LangArg>,
    /// Account to use, by its name in the configuration.
    #[arg(long, global = true, display_order = 101)]
    pub account: Option<String>,
    /// Append a diagnostic log to this file (no secrets, names or order data).
    #[arg(long, global = true, display_order = 102)]
    pub log: Option<PathBuf>,
    /// What to do
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The languages by their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// English
    En,
    /// Nederlands
    Nl,
}

impl From<LangArg> for Language {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::En => Self::En,
            LangArg::Nl => Self::Nl,
        }
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Set up an account, step by step.
    Setup,
    /// Check order files for errors before you order.
    Check(CheckArgs),
    /// Show an order as zegel would send it, with secrets masked.
    Preview(PreviewArgs),
    /// Review and edit an order file in the wizard, then save or order it.
    Review(ReviewArgs),
    /// Place the order in a file, once.
    Submit(SubmitArgs),
    /// Show the status of an order, its approval requests and its certificate.
    Status(StatusArgs),
    /// Resolve an order whose response was lost.
    #[command(alias = "settle")]
    Resolve(ResolveArgs),
    /// List every field of an order: its JSON pointer, when it is required, what it accepts.
    Fields(FieldsArgs),
    /// Show the settings in use and where each comes from.
    Config(ConfigArgs),
    /// Diagnose terminal, configuration, network, key and account.
    Doctor(DoctorArgs),
    /// Try everything in a built-in sandbox: no account needed, nothing is really ordered.
    Demo(SandboxArgs),
    /// Run only the sandbox server, for another zegel or a script.
    Sandbox {
        /// Port of 127.0.0.1 to listen on; 0 means any free port.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// The options of the embedded CertCentral.
        #[command(flatten)]
        world: SandboxArgs,
    },
    /// Print a shell completion script.
    Completions(CompletionsArgs),
    /// Print the manual page, or write the pages of all commands to a directory.
    Man(ManualArgs),
}
