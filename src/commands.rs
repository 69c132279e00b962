//! The commands, one file each, and how the program ends.
//!
//! Data goes to standard output, everything else to standard error. Exit codes: 0 success, 1 problems or refused, 2
//! could not run, 3 outcome unknown. The texts for the person come from the language files.

mod check;
mod completions;
mod config;
mod context;
mod demo;
mod doctor;
mod error;
mod fields;
mod hardening;
mod language;
mod log_file;
mod order_runner;
mod output;
mod payload;
mod payload_source;
mod preview;
mod resolve;
mod review;
mod sandbox;
mod setup;
mod signals;
mod status;
mod submit;
mod wait_notice;
mod wizard;

pub use error::CommandError;

use crate::account::AccountAccess;
use crate::api_url::ApiUrl;
use crate::cli::{Cli, Command, HelpTexts, SandboxArgs};
use crate::config::WithLine;
use crate::domain::{FileDigest, NOT_UTF8};
use crate::form::ParsedPayload;
use crate::i18n::{Translations, texts, with};
use crate::product::Product;
use crate::sandbox::SandboxOptions;
use crate::tui::app::{App, ConfiguredAccount, CurrentAccount, Exit, StartMode, StartOptions};
use crate::tui::event_loop;
use crate::tui::event_loop::{LoopOptions, LoopResources, StateDir, TerminalRestored};
use crate::tui::session::exit::NextSession;
use crate::tui::session::start::AppEnvironment;
use crate::tui::terminal::{Charset, ESCAPE_WAIT, Locale, RESTORE_TIMEOUT, has_colors, run_within};
use crate::{account, text};
use clap::Parser;
use context::CommandContext;
use output::{OutputError, ignore_closed_pipe, print_line, print_visible};
use std::borrow::Cow;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The exit code for problems or a refusal.
const EXIT_REFUSED: u8 = 1;

/// The exit code of a command that could not run.
const EXIT_COULD_NOT_RUN: u8 = 2;

/// The exit code if nobody knows whether an order was placed.
const EXIT_OUTCOME_UNKNOWN: u8 = 3;

/// Runs the command line of the process, and returns the exit code.
///
/// # Errors
/// The program's own texts or product files are damaged.
pub fn run_from_args() -> anyhow::Result<u8> {
    match Cli::try_parse() {
        Ok(cli) => Ok(run_command(cli)),
        Err(_) => show_help_or_error(),
    }
}

/// Prints the requested help or version, or the error in the command line. It finds the language without a valid
/// command line.
fn show_help_or_error() -> anyhow::Result<u8> {
    let words: Vec<_> = std::env::args_os().collect();
    let context = CommandContext::from_raw_args(&words);
    let help = HelpTexts::load(context.lang.language)?;
    let mut command = help.help_command();
    // Only the texts differ from those of the first parse, so the second one ends the same way.
    let Err(end) = command.try_get_matches_from_mut(words) else { return Ok(EXIT_COULD_NOT_RUN) };
    let message = help.render_clap_error(&end, &command);
    let fails = end.use_stderr();
    let is_terminal = if fails { std::io::stderr().is_terminal() } else { std::io::stdout().is_terminal() };
    let text = if is_terminal && has_color() { message.ansi().to_string() } else { message.to_string() };
    if fails {
        eprint_visible(&text);
        return Ok(EXIT_COULD_NOT_RUN);
    }
    if let Err(trouble) = ignore_closed_pipe(print_visible(&text)) {
        eprint_lines(&trouble.message(&context.lang));
        return Ok(EXIT_COULD_NOT_RUN);
    }
    Ok(0)
}

/// Runs the command, and returns the exit code.
fn run_command(cli: Cli) -> u8 {
    hardening::disable_core_dumps();
    signals::survive_file_size_limit();
    let context = CommandContext::from_cli(&cli);
    let lang = &context.lang;
    if let Some(trouble) = cli.log.as_deref().and_then(|path| log_file::start_logging(path).err()) {
        eprint_lines(&trouble.message(lang));
        return EXIT_COULD_NOT_RUN;
    }
    let done = match cli.command {
        // A user who names an account would believe that the order there is real.
        Some(Command::Demo(_)) if cli.account.is_some() => Err(CommandError::OwnAccount("zegel demo")),
        Some(Command::Sandbox { .. }) if cli.account.is_some() => Err(CommandError::OwnAccount("zegel sandbox")),
        Some(Command::Check(args)) => check::run(lang, &args),
        Some(Command::Demo(world)) => sandbox_options(0, world).and_then(|options| demo::run(&context, &options)),
        Some(Command::Sandbox { port, world }) => {
            sandbox_options(port, world).and_then(|options| sandbox::run(lang, &options))
        }
        Some(Command::Preview(args)) => preview::run(lang, &args),
        Some(Command::Submit(args)) => submit::run(&context, &args),
        Some(Command::Fields(args)) => fields::run(lang, &args),
        Some(Command::Completions(args)) => completions::print_completions(lang, &args),
        Some(Command::Man(args)) => completions::generate_manual(&args),
        Some(Command::Status(args)) => status::run(&context, &args),
        Some(Command::Resolve(args)) => resolve::run(&context, &args),
        Some(Command::Doctor(args)) => doctor::run(&context, &args),
        Some(Command::Config(args)) => config::run(&context, &args),
        Some(Command::Review(args)) => review::run(&context, &args),
        Some(Command::Setup) => setup::run(&context),
        None => wizard::run(&context),
    };
    tracing::info!(code = done.as_ref().ok(), "zegel ends");
    match done {
        Ok(code) => code,
        Err(trouble) => {
            eprint_lines(&trouble.message(lang));
            EXIT_COULD_NOT_RUN
        }
    }
}

/// Returns the options of the sandbox from the command line.
fn sandbox_options(port: u16, args: SandboxArgs) -> Result<SandboxOptions, CommandError> {
    let SandboxArgs { record, organizations, faults } = args;
    let read = |text: &String| text.parse().map_err(|_| CommandError::UnknownFault(text.clone()));
    let faults = faults.iter().map(read).collect::<Result<_, _>>()?;
    Ok(SandboxOptions { port, record, organizations: organizations.unwrap_or_default() as usize, faults })
}

/// Reads an environment variable. One that is not UTF-8 counts as set and invalid: ignoring an address would lead to
/// another server.
fn environment_variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.into_string().unwrap_or_else(|_| NOT_UTF8.to_owned()))
}

/// Returns the account with the divided waits that a test asks for.
fn with_test_pace(mut access: AccountAccess, lang: &Translations) -> AccountAccess {
    if access.set_test_pace(std::env::var(account::TEST_PACE_VARIABLE).ok().as_deref()) {
        eprint_lines(&lang.format(texts::tooling::PACE_IGNORED, with::Name(&account::TEST_PACE_VARIABLE)));
    }
    access
}

/// Returns true if the environment allows colors and the terminal supports them.
fn has_color() -> bool {
    environment_variable("NO_COLOR").is_none_or(|value| value.is_empty())
        && has_colors(&environment_variable("TERM").unwrap_or_default())
}

/// Returns the characters that the terminal can show.
fn terminal_charset() -> Charset {
    Locale::from_environment(environment_variable).charset()
}

/// What a wizard works with, and how it begins.
struct WizardLaunch {
    product: &'static Product,
    /// The account; without one, the user cannot order.
    access: Option<AccountAccess>,
    /// The directory of drafts and the journal.
    state_dir: StateDir,
    start: StartMode,
    initial_order: InitialOrder,
    /// True if F12 panics, for a test.
    panics_on_f12: bool,
}

/// The order with which a wizard opens.
enum InitialOrder {
    /// A new order, or what the user chooses.
    New,
    /// The payload of this file.
    File {
        reading: Box<ParsedPayload>,
        path: PathBuf,
        stamp: FileDigest,
        /// True if the order cannot be placed as it is in the file.
        faulty: bool,
        /// The notices about the text of the file.
        notices: Vec<String>,
    },
}

/// Runs the wizard on an account, reports how it ended, and opens the next one if the user asked for it.
fn run_wizard(context: &CommandContext, launch: WizardLaunch) -> Result<u8, CommandError> {
    crate::tui::terminal::check_terminal()?;
    let WizardLaunch { product, access, state_dir: state, start, initial_order: opening, panics_on_f12: panics } =
        launch;
    let marks = std::env::var(account::ORDER_MARKER_VARIABLE).is_ok_and(|value| value == "unconfirmed");
    let (host, sandbox) =
        access.as_ref().map(|access| (access.host.host_and_port(), access.sandbox)).unwrap_or_default();
    let name = access.as_ref().map(|access| access.name.clone()).unwrap_or_default();
    let account = CurrentAccount { name, host: host.to_owned(), is_sandbox: sandbox, uses_markers: marks };
    let around = config_for_wizard(context, &account.name);
    let lang = context.lang.clone();
    let lang =
        if terminal_charset() == Charset::Ascii { lang.for_plain_terminal(text::strip_diacritics) } else { lang };
    let setup = StartOptions {
        product,
        lang,
        account,
        today: event_loop::today_utc(),
        size: event_loop::current_size(),
        mode: start,
        environment: around,
    };
    let escape_wait =
        context.config.escape_milliseconds.map_or(ESCAPE_WAIT, |stated| Duration::from_millis(stated.value));
    let manner = LoopOptions { color: has_color(), charset: terminal_charset(), escape_wait, panics_on_f12: panics };
    let app = match opening {
        InitialOrder::New => App::new(setup),
        InitialOrder::File { reading, path, stamp, faulty, notices } => {
            App::with_file(setup, *reading, (path, stamp, faulty), notices)
        }
    };
    let (network, config) = (context.config.network.to_network(), context.config_path.clone().ok());
    let withheld = context.config.key_variables();
    let resources = LoopResources { access, state_dir: state, network, config, withheld };
    let (exit, listens) = event_loop::run_wizard(app, resources, manner)?;
    report_exit_within_limit(&context.lang, &exit, listens);
    open_next_wizard(context, exit)
}

/// Returns the environment of the wizard. It is empty for the demo and the sandbox, which have no configuration.
fn config_for_wizard(context: &CommandContext, account: &str) -> AppEnvironment {
    let Ok(path) = context.config_path.as_ref() else { return AppEnvironment::default() };
    if context.is_isolated {
        return AppEnvironment::default();
    }
    let host = |url: &Option<WithLine<ApiUrl>>| match url {
        Some(stated) => stated.value.host_and_port().to_owned(),
        None => ApiUrl::parse(account::EUROPE_API_URL).map(|host| host.host_and_port().to_owned()).unwrap_or_default(),
    };
    let accounts = context
        .config
        .accounts
        .iter()
        .map(|known| ConfiguredAccount { name: known.name.clone(), host: host(&known.url) });
    AppEnvironment {
        config_path: path.clone(),
        config_dir: path.parent().map(Path::to_owned).unwrap_or_default(),
        default_url: account::EUROPE_API_URL.to_owned(),
        accounts: accounts.collect(),
        has_environment_key: environment_variable(account::API_KEY_VARIABLE).is_some_and(|key| !key.trim().is_empty()),
        presets: context
            .config
            .find_account(account)
            .map(crate::config::AccountConfig::preset_values)
            .unwrap_or_default(),
    }
}

/// Opens what the user asked for at the end. It reads the configuration again.
fn open_next_wizard(context: &CommandContext, exit: Exit) -> Result<u8, CommandError> {
    let code = exit.code;
    let later = match exit.next {
        None => Ok(0),
        Some(NextSession::Demo) => demo::run(&context.without_config(), &SandboxOptions::default()),
        Some(NextSession::SetUpAccount) => setup::run(&context.reload_for_account(None)),
        Some(NextSession::NewOrder(name)) => {
            wizard::open_account_wizard(&context.reload_for_account(Some(name)), StartMode::NewOrder)
        }
        Some(NextSession::SwitchAccount(name)) => {
            wizard::open_account_wizard(&context.reload_for_account(Some(name)), StartMode::Home)
        }
    }?;
    // The code of an earlier failure stays if the next session succeeds.
    Ok(if later == 0 { code } else { later })
}

/// Reports how the wizard ended. If the terminal no longer accepts output, the report has a time limit.
fn report_exit_within_limit(lang: &Translations, exit: &Exit, TerminalRestored(listens): TerminalRestored) {
    if listens {
        return report_exit(lang, exit);
    }
    let (lang, exit) = (lang.clone(), exit.clone());
    run_within(RESTORE_TIMEOUT, move || report_exit(&lang, &exit));
}

/// Reports how the wizard ended: ids on standard output, messages on standard error. A failure to print the ids does
/// not change the exit code, because the outcome of the order decides it.
fn report_exit(lang: &Translations, exit: &Exit) {
    if let Err(why) = exit.placed_ids.iter().try_for_each(|line| print_line(line)) {
        report_unprinted_ids(lang, why, &exit.placed_ids);
    }
    // Each notice is one line, even if a server put line breaks into it.
    for line in exit.notices.iter().chain(&exit.draft_notice) {
        eprint_line(line);
    }
}

/// Prints the ids of an order on standard error, because standard output failed: the user must always get them.
fn report_unprinted_ids(lang: &Translations, why: OutputError, ids: &[String]) {
    if let OutputError::Failed(why) = why {
        eprint_lines(&CommandError::Output(why).message(lang));
    }
    for line in ids {
        eprint_line(line);
    }
}

/// Replaces the letters that a terminal cannot show; a file or a pipe gets the text as it is.
fn fit_to_terminal<'a>(text: &'a str, to: &impl IsTerminal) -> Cow<'a, str> {
    if text.is_ascii() || !to.is_terminal() { Cow::Borrowed(text) } else { terminal_charset().fit_text(text) }
}

/// Prints lines on standard error. The text must already be visible.
fn eprint_visible(lines: &str) {
    let _ = std::io::stderr().write_all(fit_to_terminal(lines, &std::io::stderr()).as_bytes());
}

/// Prints lines on standard error.
fn eprint_lines(lines: &str) {
    lines.lines().for_each(eprint_line);
}

/// Prints one line on standard error. A line break in it becomes visible.
fn eprint_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", fit_to_terminal(&text::visible(line), &std::io::stderr()));
}
