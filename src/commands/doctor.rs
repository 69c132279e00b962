//! `zegel doctor`: what is wrong with this computer, the network, or the account, and what to do about it.
//!
//! The command changes nothing, and works even if everything is broken. Slow checks run at the same time; the findings
//! appear in a fixed order, as soon as they are ready. All output is safe to show to strangers.

mod account;
mod finding;
mod local_files;
mod network;
mod terminal;

use super::context::CommandContext;
use super::output::{LinePrinter, ignore_closed_pipe, json_line};
use super::signals::{self, TerminationSignals};
use super::{CommandError, EXIT_REFUSED, environment_variable};
use crate::account::{AccountAccess, AccountError, EUROPE_API_URL};
use crate::api_url::ApiUrl;
use crate::certcentral::Network;
use crate::cli::DoctorArgs;
use crate::i18n::{Translations, texts, with};
use crate::tui::event_loop::RunError;
use crate::{product, store};
use finding::{DoctorCheck, DoctorFinding, DoctorStatus, FindingFormatter};
use network::ProbeTarget;
use serde_json::{Value, json};
use std::io::IsTerminal;
use std::time::Duration;

/// The time limit for the file of drafts and the journal, which may be on a network.
const STATE_FILE_TIMEOUT: Duration = Duration::from_secs(10);

/// Runs all checks, and returns the exit code.
pub(super) fn run(context: &CommandContext, args: &DoctorArgs) -> Result<u8, CommandError> {
    let runtime = signals::build_runtime().map_err(RunError::System)?;
    let done = runtime.block_on(async {
        let mut ends = TerminationSignals::listen().map_err(RunError::System)?;
        let mut report = DoctorReport::new(&context.lang, args.json);
        tokio::select! {
            done = run_checks(context, &mut report) => done.and_then(|()| report.finish()),
            code = ends.wait_for_exit_code() => Ok(code),
            () = signals::wait_until_stdout_closed() => Ok(report.exit_code()),
        }
    });
    // Pending requests must not delay the end of the program.
    runtime.shutdown_background();
    done
}

/// Runs the checks in order.
async fn run_checks(context: &CommandContext, report: &mut DoctorReport<'_>) -> Result<(), CommandError> {
    let (lang, product) = (&context.lang, product::PKIO);
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let version = DoctorCheck::Version.ok(texts::doctor::VERSION_IS).with_value("version", env!("CARGO_PKG_VERSION"));
    report.add_findings(&[version.with_value("system", system)])?;
    report.add_findings(&terminal::check_terminal(&terminal::TerminalInfo::detect(), environment_variable))?;
    report.add_findings(&local_files::config_findings(lang, &context.config_path, &context.config, product))?;
    let access = context.account_access(product);
    let there = probe_target(access.as_ref().ok(), context.config.network.to_network())?;
    // These run during the other checks.
    let name = tokio::spawn(network::check_name_lookup(there.clone()));
    let tls = tokio::spawn(network::check_tls(lang.clone(), there.clone()));
    report.add_findings(&check_state_dir(lang).await)?;
    let key = match &access {
        Ok(access) => {
            report.add_findings(&[account::account_finding(access)])?;
            let (finding, key) = account::check_key(lang, access).await;
            report.add_findings(&[finding])?;
            key
        }
        Err(trouble) => {
            report.add_findings(&[
                missing_account_finding(lang, trouble),
                DoctorCheck::Key.unknown(texts::doctor::NOT_ASKED),
            ])?;
            None
        }
    };
    report.add_findings(&[network::check_proxy(lang, &there, environment_variable)])?;
    report.add_findings(&[name.await.unwrap_or_else(|_| crashed_finding(DoctorCheck::Name))])?;
    let tls = tls.await.unwrap_or_else(|_| vec![crashed_finding(DoctorCheck::Tls)]);
    report.add_findings(&tls)?;
    // If the host cannot be reached without a key, it cannot be reached with one either.
    let reached = tls.iter().all(|finding| finding.status != DoctorStatus::Failed);
    match key.filter(|_| reached) {
        Some(key) => report.add_findings(&account::check_account_access(lang, &there, key, product).await),
        None => report.add_findings(&account::unasked_findings()),
    }
}

/// Returns the host of the account, or else the default host.
fn probe_target(access: Option<&AccountAccess>, network: Network) -> Result<ProbeTarget, CommandError> {
    Ok(match access {
        Some(AccountAccess { host, network, pace, .. }) => {
            ProbeTarget { host: host.clone(), network: network.clone(), pace: *pace }
        }
        None => ProbeTarget { host: ApiUrl::parse(EUROPE_API_URL)?, network, pace: 1 },
    })
}

async fn check_state_dir(lang: &Translations) -> Vec<DoctorFinding> {
    let (dir, lang) = (store::state_dir(environment_variable), lang.clone());
    let looking = tokio::task::spawn_blocking(move || local_files::state_findings(&lang, &dir));
    match tokio::time::timeout(STATE_FILE_TIMEOUT, looking).await {
        Ok(found) => found.unwrap_or_else(|_| vec![crashed_finding(DoctorCheck::State)]),
        Err(_) => {
            vec![
                DoctorCheck::State
                    .failed(texts::doctor::STATE_LATE)
                    .with_value("seconds", STATE_FILE_TIMEOUT.as_secs()),
            ]
        }
    }
}

fn missing_account_finding(lang: &Translations, trouble: &CommandError) -> DoctorFinding {
    match trouble {
        CommandError::Account(AccountError::None) => return DoctorCheck::Account.failed(texts::doctor::ACCOUNT_NONE),
        CommandError::Config { .. } | CommandError::ConfigPath(_) => {
            return DoctorCheck::Account.failed(texts::doctor::ACCOUNT_LATER);
        }
        _ => {}
    }
    // These are the messages with which a command ends. Each is one line, after the program's name or a hint.
    let words = trouble.message(lang);
    let plain = |line: &str| line.split_once(": ").map_or_else(|| line.to_owned(), |(_, rest)| rest.to_owned());
    let words: Vec<_> = words.lines().map(plain).collect();
    DoctorCheck::Account.failed(texts::doctor::ACCOUNT_FAILED).with_value("why", words.join(". "))
}

/// Returns the finding for a check that crashed, which is a bug in the program.
fn crashed_finding(check: DoctorCheck) -> DoctorFinding {
    check.unknown(texts::doctor::STOPPED)
}

/// The findings printed so far.
struct DoctorReport<'a> {
    formatter: FindingFormatter<'a>,
    lines: LinePrinter,
    json_findings: Option<Vec<Value>>,
    failed: usize,
    warnings: usize,
}

impl<'a> DoctorReport<'a> {
    fn new(lang: &'a Translations, json: bool) -> Self {
        // Output to a file or a pipe has the usual width.
        let width = if std::io::stdout().is_terminal() {
            usize::from(crate::tui::event_loop::current_size().width)
        } else {
            80
        };
        let formatter = FindingFormatter { lang, width, home: environment_variable("HOME") };
        Self {
            formatter,
            lines: LinePrinter::from_environment(),
            json_findings: json.then(Vec::new),
            failed: 0,
            warnings: 0,
        }
    }

    fn add_findings(&mut self, findings: &[DoctorFinding]) -> Result<(), CommandError> {
        for finding in findings {
            self.failed += usize::from(finding.status == DoctorStatus::Failed);
            self.warnings += usize::from(finding.status == DoctorStatus::Warning);
            match &mut self.json_findings {
                Some(all) => all.push(self.formatter.finding_json(finding)),
                None => ignore_closed_pipe(self.lines.print_all(&self.formatter.format_lines(finding)))?,
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<u8, CommandError> {
        let code = self.exit_code();
        let (failed, warnings) = (self.failed.to_string(), self.warnings.to_string());
        let line = match self.json_findings {
            Some(checks) => {
                json_line(&json!({ "version": env!("CARGO_PKG_VERSION"), "ok": self.failed == 0, "checks": checks }))
            }
            None => {
                self.formatter.lang.format(texts::doctor::COUNTS, (with::Failed(&failed), with::Warnings(&warnings)))
            }
        };
        ignore_closed_pipe(LinePrinter::without_color().print(crate::tone::Tone::Plain, &line))?;
        Ok(code)
    }

    fn exit_code(&self) -> u8 {
        if self.failed == 0 { 0 } else { EXIT_REFUSED }
    }
}
