//! `zegel doctor`: what is wrong with this computer, the network, or the account, and what to do about it.
//!
//! It looks, changes nothing, and works where everything is broken. What takes long is looked at side by side; what was
//! found is told in one order, as it comes. All of it is fit for a stranger's eyes.

mod account;
mod finding;
mod ground;
mod terminal;
mod way;

use super::basis::Basis;
use super::ends::{self, Ends};
use super::lines::{Lines, json_line, written};
use super::{REFUSED, Trouble, environment};
use crate::account::{Access, AccountError, EUROPE};
use crate::certcentral::Network;
use crate::cli::Doctor;
use crate::host::Host;
use crate::lang::Lang;
use crate::run::RunError;
use crate::{product, store};
use finding::{Check, Finding, Mark, Teller};
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::time::Duration;
use way::There;

/// How long the file of drafts and journal may take, which may be on a network.
const READING: Duration = Duration::from_secs(10);

/// Looks at everything, and gives the exit code.
pub(super) fn run(basis: &Basis, args: &Doctor) -> Result<u8, Trouble> {
    let runtime = ends::runtime().map_err(RunError::System)?;
    let done = runtime.block_on(async {
        let mut ends = Ends::hear().map_err(RunError::System)?;
        let mut told = Told::new(&basis.lang, args.json);
        tokio::select! {
            done = examine(basis, &mut told) => done.and_then(|()| told.end()),
            code = ends.told() => Ok(code),
            () = ends::unread() => Ok(told.code()),
        }
    });
    // What still waits for an answer must not keep the program from ending.
    runtime.shutdown_background();
    done
}

/// Looks at one thing after another.
async fn examine(basis: &Basis, told: &mut Told<'_>) -> Result<(), Trouble> {
    let (lang, product) = (&basis.lang, product::pkio()?);
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let version = Check::Version.ok("doctor.version_is").with("version", env!("CARGO_PKG_VERSION"));
    told.tell(&[version.with("system", system)])?;
    told.tell(&terminal::findings(&terminal::Screen::of_environment(), environment))?;
    told.tell(&ground::configuration(lang, &basis.path, &basis.config, product))?;
    let access = basis.chosen(product);
    let there = there(access.as_ref().ok(), basis.config.network.network())?;
    // These go on while the rest is looked at.
    let name = tokio::spawn(way::name(there.clone()));
    let tls = tokio::spawn(way::tls(lang.clone(), there.clone()));
    told.tell(&state(lang).await)?;
    let key = match &access {
        Ok(access) => {
            told.tell(&[account::account(access)])?;
            let (finding, key) = account::key(lang, access).await;
            told.tell(&[finding])?;
            key
        }
        Err(trouble) => {
            told.tell(&[no_account(lang, trouble), Check::Key.unknown("doctor.not_asked")])?;
            None
        }
    };
    told.tell(&[way::proxy(lang, &there, environment)])?;
    told.tell(&[name.await.unwrap_or_else(|_| stopped(Check::Name))])?;
    let tls = tls.await.unwrap_or_else(|_| vec![stopped(Check::Tls)]);
    told.tell(&tls)?;
    // Where nobody is reached without a key, nobody is with one.
    let reached = tls.iter().all(|finding| finding.mark != Mark::Failed);
    match key.filter(|_| reached) {
        Some(key) => told.tell(&account::opens(lang, &there, key, product).await),
        None => told.tell(&account::unasked()),
    }
}

/// Where the account is; without one, where it would be.
fn there(access: Option<&Access>, network: Network) -> Result<There, Trouble> {
    Ok(match access {
        Some(Access { host, network, pace, .. }) => There { host: host.clone(), network: network.clone(), pace: *pace },
        None => There { host: Host::parse(EUROPE)?, network, pace: 1 },
    })
}

async fn state(lang: &Lang) -> Vec<Finding> {
    let (dir, lang) = (store::state_dir(environment), lang.clone());
    let looking = tokio::task::spawn_blocking(move || ground::state(&lang, &dir));
    match tokio::time::timeout(READING, looking).await {
        Ok(found) => found.unwrap_or_else(|_| vec![stopped(Check::State)]),
        Err(_) => vec![Check::State.failed("doctor.state_late").with("seconds", READING.as_secs())],
    }
}

fn no_account(lang: &Lang, trouble: &Trouble) -> Finding {
    match trouble {
        Trouble::Account(AccountError::None) => return Check::Account.failed("doctor.account_none"),
        Trouble::Config { .. } | Trouble::Lost(_) => return Check::Account.failed("doctor.account_later"),
        _ => {}
    }
    // As they are told where they end a command: one line each, the program's name or a hint before it.
    let words = trouble.say(lang);
    let plain = |line: &str| line.split_once(": ").map_or_else(|| line.to_owned(), |(_, rest)| rest.to_owned());
    let words: Vec<_> = words.lines().map(plain).collect();
    Check::Account.failed("doctor.account_failed").with("why", words.join(". "))
}

/// What is told of a check that did not come to its end: a fault of the program.
fn stopped(check: Check) -> Finding {
    check.unknown("doctor.stopped")
}

/// What was told so far.
struct Told<'a> {
    teller: Teller<'a>,
    lines: Lines,
    json: Option<Vec<Value>>,
    failed: usize,
    warnings: usize,
}

impl<'a> Told<'a> {
    fn new(lang: &'a Lang, json: bool) -> Self {
        // What goes to a file or to somebody is read at the usual width.
        let width = if std::io::stdout().is_terminal() { usize::from(crate::run::size().width) } else { 80 };
        let teller = Teller { lang, width, home: environment("HOME") };
        Self { teller, lines: Lines::of_environment(), json: json.then(Vec::new), failed: 0, warnings: 0 }
    }

    fn tell(&mut self, findings: &[Finding]) -> Result<(), Trouble> {
        for finding in findings {
            self.failed += usize::from(finding.mark == Mark::Failed);
            self.warnings += usize::from(finding.mark == Mark::Warning);
            match &mut self.json {
                Some(all) => all.push(self.teller.json(finding)),
                None => written(self.lines.print_all(&self.teller.lines(finding)))?,
            }
        }
        Ok(())
    }

    fn end(self) -> Result<u8, Trouble> {
        let code = self.code();
        let (failed, warnings) = (self.failed.to_string(), self.warnings.to_string());
        let line = match self.json {
            Some(checks) => {
                json_line(&json!({ "version": env!("CARGO_PKG_VERSION"), "ok": self.failed == 0, "checks": checks }))
            }
            None => self.teller.lang.tell("doctor.counts", &[("failed", &failed), ("warnings", &warnings)]),
        };
        written(Lines::plain().print(crate::layout::Tone::Plain, &line))?;
        Ok(code)
    }

    fn code(&self) -> u8 {
        if self.failed == 0 { 0 } else { REFUSED }
    }
}
