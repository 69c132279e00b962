//! What the commands do, one file each, and how the program ends.
//!
//! Data goes to standard output, everything else to standard error. Exit codes: 0 good, 1 problems or refused, 2
//! could not run, 3 outcome unknown. What a person reads comes from the language files.

mod basis;
mod check;
mod config;
mod demo;
mod doctor;
mod ends;
mod errand;
mod fields;
mod lines;
mod log;
mod order;
mod papers;
mod payload;
mod preview;
mod resolve;
mod review;
mod sandbox;
mod sealed;
mod setup;
mod source;
mod status;
mod submit;
mod trouble;
mod waiting;

pub use trouble::Trouble;

use crate::account::{self, Access};
use crate::cli::{Cli, Command, Help, World};
use crate::config::Stated;
use crate::facts::{NO_TEXT, Stamp};
use crate::form::Reading;
use crate::host::Host;
use crate::lang::Lang;
use crate::product::Product;
use crate::run;
use crate::run::{Backing, Listens, Manner, StateDir};
use crate::sandbox::Options;
use crate::term::{ESCAPE_WAIT, Letters, Locale, PARTING, has_colors, within};
use crate::text;
use crate::wizard::{Account, Around, Exit, Listed, Model, Next, Setup, Start};
use basis::Basis;
use clap::Parser;
use lines::{Unwritten, print, print_block, written};
use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Problems, or refused.
const REFUSED: u8 = 1;

/// Could not run.
const COULD_NOT_RUN: u8 = 2;

/// Nobody knows whether an order was placed.
const STILL_UNKNOWN: u8 = 3;

/// Does what the command line of the process asks for, and gives the exit code.
///
/// # Errors
/// Where the program's own texts or product files are damaged.
pub fn start() -> anyhow::Result<u8> {
    match Cli::try_parse() {
        Ok(cli) => run(cli),
        Err(_) => explain(),
    }
}

/// Shows the help or the version that was asked for, or says what is wrong with the command line, in the language that
/// can be known without it.
fn explain() -> anyhow::Result<u8> {
    let words: Vec<_> = std::env::args_os().collect();
    let basis = Basis::of_words(&words)?;
    let help = Help::load(basis.lang.language)?;
    let mut command = help.dressed();
    // Only the texts differ from those of the first time, so it ends again as it did.
    let Err(end) = command.try_get_matches_from_mut(words) else { return Ok(COULD_NOT_RUN) };
    let said = help.explain(&end, &command);
    let fails = end.use_stderr();
    let is_terminal = if fails { std::io::stderr().is_terminal() } else { std::io::stdout().is_terminal() };
    let text = if is_terminal && has_color() { said.ansi().to_string() } else { said.to_string() };
    if fails {
        print_error(&text);
        return Ok(COULD_NOT_RUN);
    }
    if let Err(trouble) = written(print_block(&text)) {
        say(&trouble.say(&basis.lang));
        return Ok(COULD_NOT_RUN);
    }
    Ok(0)
}

/// Does what the command line asks for, and gives the exit code.
fn run(cli: Cli) -> anyhow::Result<u8> {
    sealed::seal();
    ends::outlive_full_files();
    let basis = Basis::of(&cli)?;
    let lang = &basis.lang;
    if let Some(trouble) = cli.log.as_deref().and_then(|path| log::start(path).err()) {
        say(&trouble.say(lang));
        return Ok(COULD_NOT_RUN);
    }
    let done = match cli.command {
        // Whoever names an account would take what is ordered there for real.
        Some(Command::Demo(_)) if cli.account.is_some() => Err(Trouble::OwnAccount("zegel demo")),
        Some(Command::Sandbox { .. }) if cli.account.is_some() => Err(Trouble::OwnAccount("zegel sandbox")),
        Some(Command::Check(args)) => check::run(lang, &args),
        Some(Command::Demo(world)) => options(0, world).and_then(|options| demo::run(&basis, &options)),
        Some(Command::Sandbox { port, world }) => options(port, world).and_then(|options| sandbox::run(lang, &options)),
        Some(Command::Preview(args)) => preview::run(lang, &args),
        Some(Command::Submit(args)) => submit::run(&basis, &args),
        Some(Command::Fields(args)) => fields::run(lang, &args),
        Some(Command::Completions(args)) => papers::completions(lang, &args),
        Some(Command::Man(args)) => papers::manual(&args),
        Some(Command::Status(args)) => status::run(&basis, &args),
        Some(Command::Resolve(args)) => resolve::run(&basis, &args),
        Some(Command::Doctor(args)) => doctor::run(&basis, &args),
        Some(Command::Config(args)) => config::run(&basis, &args),
        Some(Command::Review(asked)) => review::run(&basis, &asked),
        Some(Command::Setup) => setup::run(&basis),
        None => order::run(&basis),
    };
    tracing::info!(code = done.as_ref().ok(), "zegel ends");
    match done {
        Ok(code) => Ok(code),
        Err(trouble) => {
            say(&trouble.say(lang));
            Ok(COULD_NOT_RUN)
        }
    }
}

/// The sandbox that the command line asks for.
fn options(port: u16, world: World) -> Result<Options, Trouble> {
    let World { record, organizations, faults } = world;
    let read = |text: &String| text.parse().map_err(|_| Trouble::Fault(text.clone()));
    let faults = faults.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Options { port, record, organizations: organizations.unwrap_or_default() as usize, faults })
}

/// A variable of the environment. One that is no text counts as set, and as wrong: to pass over an address would lead
/// elsewhere.
fn environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.into_string().unwrap_or_else(|_| NO_TEXT.to_owned()))
}

/// The account, with the waits that a test wants.
fn paced(mut access: Access, lang: &Lang) -> Access {
    if access.hurry(std::env::var(account::PACE).ok().as_deref()) {
        say(&lang.tell("tooling.pace_ignored", &[("name", account::PACE)]));
    }
    access
}

/// Whether colors are wanted, where there is a terminal, and whether it has them.
fn has_color() -> bool {
    environment("NO_COLOR").is_none_or(|value| value.is_empty()) && has_colors(&environment("TERM").unwrap_or_default())
}

/// Which characters a terminal shows here.
fn letters() -> Letters {
    Locale::of(environment).letters()
}

/// Where a wizard works, and how it begins.
struct Desk {
    /// What is ordered.
    product: &'static Product,
    /// The account; without one nothing can be ordered.
    access: Option<Access>,
    /// Where drafts and the journal are.
    state: StateDir,
    start: Start,
    opening: Opening,
    /// Whether F12 panics, for a test.
    panics: bool,
}

/// With what a wizard opens.
enum Opening {
    /// With a new order, or whatever the person chooses.
    New,
    /// With the payload of this file, which had these bytes.
    File {
        reading: Box<Reading>,
        path: PathBuf,
        stamp: Stamp,
        /// Whether the order cannot be placed as it stands there.
        faulty: bool,
        /// What is to be known of its text.
        notices: Vec<String>,
    },
}

/// Opens the wizard on an account, and tells what came of it.
fn wizard(basis: &Basis, desk: Desk) -> Result<u8, Trouble> {
    crate::term::available()?;
    let Desk { product, access, state, start, opening, panics } = desk;
    let marks = std::env::var(account::MARKER).is_ok_and(|value| value == "unconfirmed");
    let (host, sandbox) = access.as_ref().map(|access| (access.host.name(), access.sandbox)).unwrap_or_default();
    let name = access.as_ref().map(|access| access.name.clone()).unwrap_or_default();
    let account = Account { name, host: host.to_owned(), sandbox, marks };
    let around = around(basis, &account.name);
    let lang = basis.lang.clone();
    let lang = if letters() == Letters::Ascii { lang.plain(text::unmarked) } else { lang };
    let setup = Setup { product, lang, account, today: run::today(), size: run::size(), start, around };
    let escape_wait = basis.config.escape.map_or(ESCAPE_WAIT, |stated| Duration::from_millis(stated.value));
    let manner = Manner { color: has_color(), letters: letters(), escape_wait, panics };
    let model = match opening {
        Opening::New => Model::new(setup),
        Opening::File { reading, path, stamp, faulty, notices } => {
            Model::with_file(setup, *reading, (path, stamp, faulty), notices)
        }
    };
    let (network, config) = (basis.config.network.network(), basis.path.clone().ok());
    let withheld = basis.config.key_variables();
    let backing = Backing { access, state, network, config, withheld };
    let (exit, listens) = run::run(model, backing, manner)?;
    tell_within(&basis.lang, &exit, listens);
    go_on(basis, exit)
}

/// What the wizard stands in. The demo and the sandbox have no configuration, and nothing around them.
fn around(basis: &Basis, account: &str) -> Around {
    let Ok(path) = basis.path.as_ref() else { return Around::default() };
    if basis.apart {
        return Around::default();
    }
    let host = |url: &Option<Stated<Host>>| match url {
        Some(stated) => stated.value.name().to_owned(),
        None => Host::parse(account::EUROPE).map(|host| host.name().to_owned()).unwrap_or_default(),
    };
    let accounts =
        basis.config.accounts.iter().map(|known| Listed { name: known.name.clone(), host: host(&known.url) });
    Around {
        config: path.clone(),
        config_dir: path.parent().map(Path::to_owned).unwrap_or_default(),
        europe: account::EUROPE.to_owned(),
        accounts: accounts.collect(),
        has_key: environment(account::KEY).is_some_and(|key| !key.trim().is_empty()),
        presets: basis.config.find(account).map(crate::config::Account::presets).unwrap_or_default(),
    }
}

/// Opens what the person asked for at the end, by what the configuration says now.
fn go_on(basis: &Basis, exit: Exit) -> Result<u8, Trouble> {
    let code = exit.code;
    let later = match exit.next {
        None => Ok(0),
        Some(Next::Demo) => demo::run(&basis.apart(), &Options::default()),
        Some(Next::Setup) => setup::run(&basis.again(None)?),
        Some(Next::Account(name)) => order::open(&basis.again(Some(name))?, Start::Order),
        Some(Next::Switch(name)) => order::open(&basis.again(Some(name))?, Start::Home),
    }?;
    // What went wrong before is not forgotten.
    Ok(if later == 0 { code } else { later })
}

/// Tells what came of it; to a terminal that takes nothing only as far as it goes.
fn tell_within(lang: &Lang, exit: &Exit, Listens(listens): Listens) {
    if listens {
        return tell(lang, exit);
    }
    let (lang, exit) = (lang.clone(), exit.clone());
    within(PARTING, move || tell(&lang, &exit));
}

/// The ids for standard output, the words for the person. What was ordered decides how the program ends, also where
/// nobody could be told the ids.
fn tell(lang: &Lang, exit: &Exit) {
    if let Err(why) = exit.ids.iter().try_for_each(|line| print(line)) {
        say_untold(lang, why, &exit.ids);
    }
    // Each is one line, whatever a server put into it.
    for line in exit.words.iter().chain(&exit.kept) {
        say_line(line);
    }
}

/// Ids of an order that could not be written to standard output: nobody is to be left without them.
fn say_untold(lang: &Lang, why: Unwritten, ids: &[String]) {
    if let Unwritten::Failed(why) = why {
        say(&Trouble::Output(why).say(lang));
    }
    for line in ids {
        say_line(line);
    }
}

/// A visible text as what it is written to shows it: a terminal has some letters, everything else gets them all.
fn shown<'a>(text: &'a str, to: &impl IsTerminal) -> Cow<'a, str> {
    if text.is_ascii() || !to.is_terminal() { Cow::Borrowed(text) } else { letters().fit(text) }
}

/// Lines for standard error that were made visible already.
fn print_error(lines: &str) {
    let _ = std::io::stderr().write_all(shown(lines, &std::io::stderr()).as_bytes());
}

/// Lines for standard error.
fn say(lines: &str) {
    lines.lines().for_each(say_line);
}

/// One line for standard error: a line end in it is shown as what it is.
fn say_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", shown(&text::visible(line), &std::io::stderr()));
}
