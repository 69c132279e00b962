//! The command line.
//!
//! It only says what was asked for; doing it is the matter of `command`. Its help is English.

mod check;
mod config;
mod doctor;
mod fields;
mod papers;
mod preview;
mod resolve;
mod review;
mod status;
mod submit;
mod world;

pub use check::Check;
pub use config::Config;
pub use doctor::Doctor;
pub use fields::Fields;
pub use papers::{Completions, Manual};
pub use preview::Preview;
pub use resolve::Resolve;
pub use review::Review;
pub use status::Status;
pub use submit::Submit;
pub use world::World;

use crate::lang::Language;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Help is broken into lines by hand: clap breaks none itself.
const ABOUT: &str = "\
Order a PKIo Qualified eSeal certificate from DigiCert CertCentral Europe, in the terminal

Without a command zegel opens the wizard for the account that --account or
ZEGEL_ACCOUNT names, else that of the environment (ZEGEL_API_KEY, and
ZEGEL_API_URL where it is not CertCentral Europe), else that of the
configuration. \"zegel config\" shows which that is, and why.
What is typed is kept as a draft, and every order is journaled before it is sent,
in the platform's state directory or in ZEGEL_STATE_DIR.
Try \"zegel demo\" first: it needs no account.";

const ABOUT_DEMO: &str = "\
Try everything in an embedded sandbox: no account, nothing real is ordered

It reads no key and no configuration. The sandbox listens on a loopback address,
inside this process, and the wizard orders from it over HTTP as it would from
CertCentral.";

const ABOUT_SANDBOX: &str = "\
Serve the sandbox alone, for another zegel or a script

It prints the address and the made-up key that opens it, and serves until it is
ended. What it tells and how it is steered needs no key:
GET /sandbox/orders          how many orders came, came whole, and were placed
GET /sandbox/calls           how many calls came, and how close to each other
POST /sandbox/clock          {\"advance_seconds\": 20}
GET or POST /sandbox/faults  {\"faults\": [\"slow=200@orders*1\"]}
GET /sandbox/held?after=0    waits until more connections than that were held
POST /sandbox/release        lets go on what is held";

const ABOUT_SETUP: &str = "\
Set up an account, step by step

It asks where the account lives and where its key is kept: in the system's
keyring, by a command of a password manager, in a variable, or in a file. It tries
the key, asks what new orders begin with, and writes that down at the very end.
Bare \"zegel\" does the same as long as there is no account.";

/// Order a PKIo Qualified eSeal certificate from DigiCert CertCentral Europe, in the terminal
#[derive(Debug, Parser)]
#[command(version, name = "zegel", arg_required_else_help = false, long_about = ABOUT)]
pub struct Cli {
    /// Language; else the configuration's, else the locale's
    #[arg(long, global = true, value_enum)]
    pub lang: Option<LangArg>,
    /// The account of the configuration to work on
    #[arg(long, global = true, value_name = "NAME")]
    pub account: Option<String>,
    /// Append what happens to this plain file; nothing in it is secret or says who orders what
    #[arg(long, global = true, value_name = "FILE")]
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
    /// Dutch
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
    /// Set up an account, step by step
    #[command(long_about = ABOUT_SETUP, after_help = "Example:\n  zegel setup --lang nl")]
    Setup,
    /// Find everything that is wrong with payloads, before an order is placed
    #[command(long_about = check::ABOUT, after_help = check::EXAMPLE)]
    Check(Check),
    /// Show the payload as zegel would send it, secrets masked
    #[command(long_about = preview::ABOUT, after_help = preview::EXAMPLE)]
    Preview(Preview),
    /// Look a payload over before it is submitted, mend it, and save or order it
    #[command(long_about = review::ABOUT, after_help = "Example:\n  zegel review order.json")]
    Review(Review),
    /// Order what a payload says, once
    #[command(long_about = submit::ABOUT, after_help = submit::EXAMPLE)]
    Submit(Submit),
    /// What became of an order: status, approval requests, certificate
    #[command(long_about = status::ABOUT, after_help = status::AFTER)]
    Status(Status),
    /// Find out what became of an order whose answer was lost, and decide
    #[command(alias = "settle", long_about = resolve::ABOUT, after_help = resolve::AFTER)]
    Resolve(Resolve),
    /// List every field of the order: where it stands, when it is required, what it may hold
    #[command(long_about = fields::ABOUT, after_help = "Example:\n  zegel fields --markdown > fields.md", after_long_help = fields::AFTER)]
    Fields(Fields),
    /// Show what is set, and where each value comes from
    #[command(long_about = config::ABOUT, after_help = config::AFTER)]
    Config(Config),
    /// Find out what is wrong: terminal, configuration, network, key, account
    #[command(long_about = doctor::ABOUT, after_help = doctor::AFTER)]
    Doctor(Doctor),
    /// Try everything in an embedded sandbox: no account, nothing real is ordered
    #[command(long_about = ABOUT_DEMO, after_help = "Example:\n  zegel demo --lang nl")]
    Demo(World),
    /// Serve the sandbox alone, for another zegel or a script
    #[command(long_about = ABOUT_SANDBOX, after_help = "Example:\n  zegel sandbox --port 4711")]
    Sandbox {
        /// Port of 127.0.0.1 to listen on; 0 takes any free one
        #[arg(long, value_name = "P", default_value_t = 0)]
        port: u16,
        /// What is in it.
        #[command(flatten)]
        world: World,
    },
    /// Print the script by which a shell completes zegel's commands and options
    #[command(long_about = papers::ABOUT_COMPLETIONS, after_help = "Example:\n  zegel completions bash > ~/.local/share/bash-completion/completions/zegel")]
    Completions(Completions),
    /// Print the manual page, or write the pages of all commands to a directory
    #[command(long_about = papers::ABOUT_MAN, after_help = "Examples:\n  zegel man | man -l -\n  zegel man --dir ~/.local/share/man/man1")]
    Man(Manual),
}
