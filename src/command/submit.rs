//! `zegel submit`: orders what a payload says, over the course that the wizard goes.
//!
//! Whatever can be known to be wrong is found before anything is asked of the server. The order leaves once, after a
//! deliberate act: the digest of what was reviewed, or a typed word. What is told of it is the matter of `report`.

mod report;
mod typed;

use super::basis::Basis;
use super::ends::{self, Ends};
use super::errand::Errand;
use super::payload::{self, Loaded};
use super::{STILL_UNKNOWN, Trouble, environment, say_line};
use crate::cli;
use crate::facts::{Hitch, Known, Unkept};
use crate::form::{Audience, Body, Context, Form, SHORT_DIGEST};
use crate::order::drive;
use crate::order::resolve::Verdict;
use crate::order::{Course, Event, Ground, Plan, Turn};
use crate::product::{Level, pkio};
use crate::run::RunError;
use crate::store::{self, Acknowledgment};
use report::{Outcome, Report};

/// Checks, asks, orders, and gives the exit code.
pub(super) fn run(basis: &Basis, args: &cli::Submit) -> Result<u8, Trouble> {
    let (lang, product) = (&basis.lang, pkio()?);
    let access = basis.access(product)?;
    let account = report::Account { host: access.host.name().to_owned(), sandbox: access.sandbox };
    let report = Report { lang, product, account, json: args.json };
    let Some(loaded) = payload::load(lang, product, &args.file)? else {
        return Ok(report.finish(&Outcome::Problems));
    };
    let form = match reviewed(args, loaded, &report) {
        Ok(form) => form,
        Err(code) => return Ok(code),
    };
    if args.confirm.is_none() && !typed::can_ask() {
        return Err(Trouble::Unconfirmed);
    }
    let errand = Errand::new(&access, store::state_dir(environment), &product.endpoint).map_err(RunError::System)?;
    let body = form.body();
    let mut submission = Submission { args, form, body, errand, report };
    let runtime = ends::runtime().map_err(RunError::System)?;
    let done = runtime.block_on(async {
        let mut ends = Ends::hear().map_err(RunError::System)?;
        tokio::select! {
            code = submission.go() => code,
            code = ends.told() => Ok(Err(code)),
        }
    });
    // What became of it is written down before anything is told of the end.
    submission.errand.close();
    runtime.shutdown_background();
    match done? {
        Ok(code) => Ok(code),
        Err(signal) => Ok(submission.end(signal)),
    }
}

/// The form, if nothing is wrong with it and it is the one that was reviewed; else that has been told, and the exit
/// code comes back.
fn reviewed(args: &cli::Submit, loaded: Loaded, report: &Report<'_>) -> Result<Form, u8> {
    loaded.tell();
    if loaded.has_errors() {
        return Err(report.finish(&Outcome::Problems));
    }
    let form = loaded.reading.form;
    let body = form.body();
    match args.confirm.as_deref() {
        Some(asked) if !confirms(asked, &body) => Err(report.finish(&Outcome::NotConfirmed { asked, is: &body })),
        _ => Ok(form),
    }
}

/// Whether a digest is that of the body: in full, or the digits that are shown.
fn confirms(digest: &str, body: &Body) -> bool {
    let digest = digest.trim().to_ascii_lowercase();
    let long = digest.len() == SHORT_DIGEST || digest.len() == body.digest().len();
    long && body.digest().starts_with(&digest)
}

/// One order on its way.
struct Submission<'a> {
    args: &'a cli::Submit,
    form: Form,
    body: Body,
    errand: Errand,
    report: Report<'a>,
}

impl Submission<'_> {
    /// Looks what there is, asks where that is wanted, and orders.
    async fn go(&mut self) -> Result<Result<u8, u8>, Trouble> {
        if !self.complete().await? {
            return Ok(Ok(self.report.finish(&Outcome::Problems)));
        }
        let intent = self.form.intent(&self.body, &self.report.account.host);
        self.errand.happen(Event::Planned(Box::new(Plan { intent, number: 1 })));
        loop {
            let Some(ground) = self.survey().await else { return Ok(Ok(2)) };
            if let Err(unkept) = self.acknowledge(&ground).await {
                return Ok(Ok(self.report.finish(&Outcome::NotRecorded { unkept: &unkept, blocked: false })));
            }
            if let Some(code) = self.stops(&ground) {
                return Ok(Ok(code));
            }
            if let Some(code) = self.asks(&ground).await? {
                return Ok(Ok(code));
            }
            let body = self.body.expose(&self.form);
            if self.errand.happen(Event::Confirmed(body, self.errand.now())) != Turn::Aged {
                self.form.wipe();
                return Ok(Ok(self.outcome().await));
            }
            // It took so long to type the word that there may be something new.
            say_line(self.report.lang.say("flash.aged"));
        }
    }

    /// Puts in the secrets that the file lacks, and answers whether all is right then.
    async fn complete(&mut self) -> Result<bool, Trouble> {
        typed::fill(self.report.lang, &mut self.form, self.args.card_from_stdin).await?;
        let known = Known::default();
        let context = Context { today: crate::run::today(), known: &known, audience: Audience::Review };
        let problems = self.form.problems(&context).into_iter();
        let wrong: Vec<_> = problems.filter(|problem| problem.level == Level::Error).collect();
        self.report.tell_wrong(&wrong);
        // They stand in the text now. The digest is without them, and so the same.
        self.body = self.form.body();
        Ok(wrong.is_empty() && typed::wanted(&self.form).is_empty())
    }

    /// What there is before the order.
    async fn survey(&mut self) -> Option<Ground> {
        while self.errand.course.ground().is_none() {
            let event = self.errand.next().await?;
            self.errand.happen(event);
        }
        self.errand.course.ground().cloned()
    }

    /// Writes down that the person was told of what the journal has lost, where that was said.
    async fn acknowledge(&self, ground: &Ground) -> Result<(), Unkept> {
        if ground.lost().is_empty() || !self.args.journal_lost {
            return Ok(());
        }
        let losses = ground.lost().iter().map(|loss| loss.id).collect();
        let by = Acknowledgment { losses, words: "--journal-lost".to_owned(), user: drive::user_here() };
        self.errand.ask(move |shelf| shelf.with(|store| store.acknowledge(&by))).await
    }

    /// The exit code, where something keeps it from being ordered.
    fn stops(&self, ground: &Ground) -> Option<u8> {
        self.report.ground(ground);
        let Ok(records) = &ground.records else { return Some(self.report.finish(&Outcome::NoJournal)) };
        if !ground.lost().is_empty() && !self.args.journal_lost {
            return Some(self.report.finish(&Outcome::JournalLost { lost: ground.lost() }));
        }
        if let Some(entry) = &records.blocked {
            return Some(self.report.finish(&Outcome::Blocked { intent: entry.id }));
        }
        let named = |one: &crate::order::Alike| {
            let ids = [one.order, one.request_id];
            ids.into_iter().flatten().any(|id| self.args.despite.contains(&id))
        };
        let alike: Vec<_> = ground.alike.iter().filter(|one| !one.is_earlier() && !named(one)).collect();
        if !alike.is_empty() {
            return Some(self.report.finish(&Outcome::Alike { alike: &alike }));
        }
        let guarded = ground.protects() || self.args.unprotected || self.args.confirm.is_none();
        (!guarded).then(|| self.report.finish(&Outcome::Unprotected))
    }

    /// Has it confirmed: by the digest, or by the word that is typed now. Where it is not, the exit code.
    async fn asks(&mut self, ground: &Ground) -> Result<Option<u8>, Trouble> {
        let who = self.whom().await;
        self.report.summary(&self.form, &self.body, &who, self.args.confirm.is_none());
        if self.args.confirm.is_some() {
            return Ok(None);
        }
        let protects = ground.protects() || self.args.unprotected;
        let word = self.report.teller().order_word(ground.duplicate(), protects, false);
        let typed = typed::word(&self.report.lang.tell("submit.type", &[("word", &word)])).await?;
        Ok((typed != word).then(|| self.report.finish(&Outcome::NotTyped)))
    }

    /// Whom the order is for, with the name that the account has for an id.
    async fn whom(&self) -> String {
        let Some(id) = self.form.organization_id() else {
            let name = self.form.subject().map(|at| self.form.text(at)).unwrap_or_default();
            return self.report.lang.tell("confirm.new_organization", &[("name", name)]);
        };
        let known = match self.errand.client() {
            Ok(client) => client.organization(id).await.ok(),
            Err(_) => None,
        };
        let name = known.map_or_else(|| self.report.lang.say("submit.no_name").to_owned(), |known| known.name);
        format!("{name} ({id})")
    }

    /// How it ended, once that is on disk or cannot be.
    async fn outcome(&mut self) -> u8 {
        let mut ended = None;
        while let Some(event) = self.errand.next().await {
            let kept = matches!(event, Event::Kept(_));
            match self.errand.happen(event) {
                Turn::NotRecorded(unkept) => {
                    let blocked = matches!(unkept.cause, Hitch::Blocked(_) | Hitch::Sending | Hitch::Meanwhile(_));
                    return self.report.finish(&Outcome::NotRecorded { unkept: &unkept, blocked });
                }
                Turn::NotKept(unkept) => self.report.not_kept(&unkept),
                Turn::Stay => {}
                turn => ended = Some(turn),
            }
            if kept {
                break;
            }
        }
        match ended {
            Some(Turn::Placed) => self.report.placed(&self.errand.course, &self.body),
            Some(Turn::Refused(status, errors)) => {
                self.report.finish(&Outcome::Refused { status, errors: &errors, form: &self.form })
            }
            Some(Turn::NotSent(reason)) => self.report.finish(&Outcome::NotSent { reason: &reason }),
            _ => self.look().await,
        }
    }

    /// Nobody knows: it is looked for as long as was asked for, and nothing is decided.
    async fn look(&mut self) -> u8 {
        if let Some(open) = self.errand.course.unknown() {
            self.report.unknown(open);
        }
        let patience = self.errand.lasting(self.args.resolve.saturating_mul(1000));
        let _ = tokio::time::timeout(patience, self.looks()).await;
        self.tell_unknown()
    }

    async fn looks(&mut self) {
        while let Some(open) = self.errand.course.unknown() {
            if matches!(open.verdict(), Verdict::Found { .. }) {
                return;
            }
            let Some(event) = self.errand.next().await else { return };
            self.errand.happen(event);
        }
    }

    fn tell_unknown(&self) -> u8 {
        match self.errand.course.unknown() {
            Some(open) => self.report.finish(&Outcome::Unknown { open }),
            None => STILL_UNKNOWN,
        }
    }

    /// Told to end. An order that may have left weighs more than the signal.
    fn end(&self, signal: u8) -> u8 {
        match &self.errand.course {
            Course::Unknown(_) => self.tell_unknown(),
            Course::Recording(..) => self.report.finish(&Outcome::Ended { intent: None }),
            Course::Sending(_, id, _) => self.report.finish(&Outcome::Ended { intent: Some(*id) }),
            Course::Placed(_) => self.report.placed(&self.errand.course, &self.body),
            Course::Ready | Course::Planned(..) => {
                say_line(self.report.lang.say("submit.nothing_sent"));
                signal
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::whole(64, true)]
    #[case::shown(16, true)]
    #[case::short(15, false)]
    #[case::between(17, false)]
    #[case::nothing(0, false)]
    fn a_digest_confirms_in_full_or_as_it_is_shown(#[case] digits: usize, #[case] right: bool) {
        let body = Form::new(pkio().unwrap()).body();
        assert_eq!(confirms(&body.digest()[..digits].to_uppercase(), &body), right);
        let other: String = body.digest()[..digits].chars().map(|c| if c == '0' { '1' } else { '0' }).collect();
        assert!(!confirms(&other, &body));
    }
}
