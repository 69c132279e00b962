//! `zegel resolve`: looks for an order whose answer was lost, and writes a decision down where one is asked for.
//!
//! It goes the course that the wizard goes from an intent of which no outcome is known, so the same conditions hold;
//! nothing on that course sends an order. A decision is told only once it is on disk.

mod report;
mod take;

use super::basis::Basis;
use super::ends::{self, Ends};
use super::errand::Errand;
use super::lines::{Lines, print, written};
use super::{COULD_NOT_RUN, REFUSED, STILL_UNKNOWN, Trouble, environment, say, say_line};
use crate::cli::Resolve;
use crate::facts::{Decision, Ended, Entry, IntentId, is_sentence};
use crate::lang::Lang;
use crate::layout::Tone;
use crate::order::drive;
use crate::order::resolve::{LOOKS, Look, Verdict};
use crate::order::{Course, Event, Open, Turn};
use crate::product::{self, Product};
use crate::run::RunError;
use crate::store;
use crate::tell::Teller;
use report::Report;
use take::{Journal, Taken};

/// Looks, decides where that is asked for, and gives the exit code.
pub(super) fn run(basis: &Basis, args: &Resolve) -> Result<u8, Trouble> {
    let (lang, product) = (&basis.lang, product::pkio()?);
    if args.checked.as_deref().is_some_and(|checked| !is_sentence(checked)) {
        say_line(lang.say("resolve.no_sentence"));
        return Ok(COULD_NOT_RUN);
    }
    let access = basis.access(product)?;
    let host = access.host.name().to_owned();
    let errand = Errand::new(&access, store::state_dir(environment), &product.endpoint).map_err(RunError::System)?;
    let runtime = ends::runtime().map_err(RunError::System)?;
    let mut resolving = Resolving {
        lang,
        product,
        host,
        errand,
        wish: Wish::of(args),
        checked: args.checked.clone(),
        json: args.json,
        said: None,
    };
    let done = runtime.block_on(async {
        let mut ends = Ends::hear().map_err(RunError::System)?;
        resolving.resolve(args, &mut ends).await
    });
    // The lock goes with the store.
    resolving.errand.close();
    runtime.shutdown_background();
    done
}

/// What is to be written down, if the looks allow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// Nothing.
    Look,
    /// That this order is the one.
    Adopt(u64),
    /// That there is none.
    Deny,
}

impl Wish {
    fn of(args: &Resolve) -> Self {
        match (args.adopt, args.not_placed) {
            (Some(order), _) => Self::Adopt(order),
            (None, true) => Self::Deny,
            (None, false) => Self::Look,
        }
    }

    /// What is to be decided.
    fn decision(self) -> Option<Decision> {
        match self {
            Self::Look => None,
            Self::Adopt(order) => Some(Decision::Adopted { order }),
            Self::Deny => Some(Decision::NotPlaced),
        }
    }

    /// The decision, where the looks allow it, or what was checked elsewhere.
    fn allowed(self, open: &Open, checked: bool) -> Option<Decision> {
        self.decision().filter(|decision| match decision {
            _ if checked => open.may_state(decision),
            Decision::Adopted { order } => open.may_adopt(*order),
            Decision::NotPlaced => open.may_deny(),
        })
    }

    /// Whether it is looked no further, though there are looks left.
    fn is_answered(self, open: &Open, checked: bool) -> bool {
        match self {
            Self::Look => matches!(open.verdict(), Verdict::Found { .. }),
            Self::Adopt(order) => checked || open.may_adopt(order),
            Self::Deny => false,
        }
    }
}

/// An order that is being resolved, by what means, and what for.
struct Resolving<'a> {
    lang: &'a Lang,
    product: &'static Product,
    /// Host and port of the account.
    host: String,
    errand: Errand,
    wish: Wish,
    /// What the person says to have checked in `CertCentral`.
    checked: Option<String>,
    json: bool,
    /// What was last said to have failed.
    said: Option<String>,
}

impl Resolving<'_> {
    fn teller(&self) -> Teller<'_> {
        Teller { lang: self.lang, host: &self.host }
    }

    async fn resolve(&mut self, args: &Resolve, ends: &mut Ends) -> Result<u8, Trouble> {
        let journal = match self.take(args.intent.map(IntentId)).await {
            Ok(journal) => journal,
            Err(unkept) => {
                say(&self.lang.tell("resolve.no_journal", &[("why", &self.teller().unkept(&unkept))]));
                return Ok(COULD_NOT_RUN);
            }
        };
        let done = match &journal.taken {
            Taken::Open(entry) => {
                let today = jiff::Timestamp::now().as_millisecond();
                self.errand.happen(Event::Found(Box::new(entry.clone()), self.errand.now(), today));
                self.look_anew();
                tokio::select! {
                    looked = self.look(&journal, args) => looked,
                    code = ends.told() => return Ok(self.end(entry.id, code)),
                }
            }
            Taken::Resolved(entry) if self.corrects(entry) => return self.correct(entry).await,
            _ => return self.tell_untaken(&journal),
        };
        done?;
        // A signal no longer comes in between: what is decided is told.
        self.conclude(&journal).await
    }

    /// Whether what was decided of an order is to be decided otherwise, by what was checked.
    fn corrects(&self, entry: &Entry) -> bool {
        let known = matches!(entry.outcome, Some(Ended::Placed { .. } | Ended::Refused { .. } | Ended::NotSent));
        !known && self.checked.is_some() && self.wish.decision().is_some()
    }

    /// Writes down another decision. Nothing is asked of the server: a person has looked there.
    async fn correct(&self, entry: &Entry) -> Result<u8, Trouble> {
        let (Some(decision), Some(sentence)) = (self.wish.decision(), self.checked.clone()) else { return Ok(REFUSED) };
        if let (Decision::Adopted { order }, Some(known)) = (&decision, &entry.intent.known.orders)
            && known.contains(order)
        {
            say_line(&self.lang.tell("resolve.was_there", &[("id", &order.to_string())]));
            return Ok(REFUSED);
        }
        let (id, digest, to_write) = (entry.id, entry.intent.digest.clone(), decision.clone());
        let kept = self.errand.ask(move |shelf| {
            shelf.lock_digest(&digest)?;
            drive::state(shelf, id, &to_write, sentence)
        });
        if let Err(unkept) = kept.await {
            say(&self.lang.tell("resolve.not_kept", &[("why", &self.teller().unkept(&unkept))]));
            return Ok(COULD_NOT_RUN);
        }
        self.say_decided(id, &decision);
        let id = match decision {
            Decision::Adopted { order } => Some(format!("order {order}")),
            Decision::NotPlaced => None,
        };
        let told = if self.json {
            report::print_decided(entry, &decision)
        } else {
            id.iter().try_for_each(|line| print(line))
        };
        if let (Err(_), Some(line)) = (&told, &id) {
            say_line(line);
        }
        written(told).map(|()| 0)
    }

    fn say_decided(&self, id: IntentId, decision: &Decision) {
        let text = match decision {
            Decision::Adopted { .. } => "resolve.adopted",
            Decision::NotPlaced => "resolve.not_placed",
        };
        say_line(&self.lang.tell(text, &[("id", &id.to_string())]));
    }

    /// The order, while it is not resolved.
    fn open(&self) -> Option<&Open> {
        self.errand.course.unknown()
    }

    /// Where every look was made before, and what is asked for cannot be decided by them, it is looked for once more.
    fn look_anew(&mut self) {
        let checked = self.checked.is_some();
        let through = |open: &Open| open.next_look().is_none() && self.wish.allowed(open, checked).is_none();
        if self.open().is_some_and(through) {
            let now = self.errand.now();
            self.errand.happen(Event::Refresh(now));
        }
    }

    /// Where in the schedule it is now, in milliseconds; what of it passed before counts for no time here.
    fn passed(&self) -> u64 {
        let Some(open) = self.open() else { return 0 };
        let due = open.next_look().and_then(|number| LOOKS.get(number - 1)).copied().unwrap_or_default();
        due.saturating_sub(open.due().unwrap_or_default().saturating_sub(self.errand.now()))
    }

    /// Looks by the schedule of the course, until there is an answer, no look is left, or the next is too late.
    async fn look(&mut self, journal: &Journal, args: &Resolve) -> Result<(), Trouble> {
        if !self.json {
            self.print_open(journal, args.intent.is_none())?;
        }
        self.say_start(args.seconds);
        let passed = self.passed();
        // What was seen before may be an answer already.
        let answered = |open: &Open| self.wish.is_answered(open, self.checked.is_some()) && open.next_look() != Some(1);
        if self.open().is_none_or(|open| answered(open) || is_late(open, passed, args.seconds)) {
            return Ok(());
        }
        self.say_next();
        while let Some(event) = self.errand.next().await {
            if let Event::Looked(_, look, _) = &event {
                self.say_failure(look);
            }
            self.errand.happen(event);
            if self.open().is_none_or(|open| {
                self.wish.is_answered(open, self.checked.is_some()) || is_late(open, passed, args.seconds)
            }) {
                break;
            }
            self.say_next();
        }
        Ok(())
    }

    /// What is looked for, and for how long at most.
    fn say_start(&self, seconds: Option<u32>) {
        let last = LOOKS[LOOKS.len() - 1] / 1000;
        let seconds = seconds.map_or(last, |seconds| u64::from(seconds).min(last));
        let doubt = self.open().map(|open| self.teller().doubt(open.doubt())).unwrap_or_default();
        say_line(&doubt);
        let words = self.open().and_then(|open| self.teller().answer_words(open));
        if let Some(words) = words {
            say_line(&words);
        }
        say_line(&self.lang.tell("resolve.looks", &[("seconds", &seconds.to_string())]));
    }

    fn say_next(&self) {
        let next = self.open().and_then(|open| self.teller().next_look(open, self.errand.now()));
        if let Some((_, line)) = next {
            say_line(&line);
        }
    }

    /// Says why a look brought nothing, unless that was said already.
    fn say_failure(&mut self, look: &Look) {
        let failed = |why: &str| self.lang.tell("follow.failed", &[("why", why)]);
        let gap = look.gap().map(|(list, gap)| self.teller().gap_sentence(list, gap));
        let why = gap.or_else(|| look.me.as_ref().err().map(|failure| failed(&self.teller().failure(failure))));
        if let Some(why) = why.as_ref().filter(|why| self.said.as_ref() != Some(why)) {
            say_line(why);
        }
        self.said = why;
    }

    /// Writes down what is asked for where that may be, and tells what came of it.
    async fn conclude(&mut self, journal: &Journal) -> Result<u8, Trouble> {
        let Some(open) = self.open().cloned() else { return Ok(STILL_UNKNOWN) };
        let Some(decision) = self.wish.allowed(&open, self.checked.is_some()) else {
            return self.tell_unknown(&open, journal);
        };
        match self.decide(decision.clone()).await {
            Turn::Placed | Turn::NotPlaced => self.tell_decided(&open, journal, &decision),
            Turn::NotKept(unkept) => {
                say(&self.lang.tell("resolve.not_kept", &[("why", &self.teller().unkept(&unkept))]));
                Ok(COULD_NOT_RUN)
            }
            _ => self.tell_unknown(&open, journal),
        }
    }

    /// A decision, and what the course says once it is on disk or is not.
    async fn decide(&mut self, decision: Decision) -> Turn {
        let event = match self.checked.clone() {
            Some(sentence) => Event::Stated(decision, sentence),
            None => Event::Decided(decision),
        };
        self.errand.happen(event);
        while let Some(event) = self.errand.next().await {
            let kept = matches!(event, Event::DecisionKept(..));
            let turn = self.errand.happen(event);
            if kept {
                return turn;
            }
        }
        Turn::Stay
    }

    /// A signal came: it is still not known.
    fn end(&self, id: IntentId, code: u8) -> u8 {
        say_line(&self.lang.tell("resolve.ended", &[("id", &id.to_string())]));
        code
    }

    fn tell_unknown(&self, open: &Open, journal: &Journal) -> Result<u8, Trouble> {
        self.print(open, journal)?;
        let refusal = self.report().refusal(open, self.wish, self.checked.is_some());
        for line in refusal.into_iter().chain(self.report().onward(open)) {
            say_line(&line);
        }
        Ok(STILL_UNKNOWN)
    }

    fn tell_decided(&self, open: &Open, journal: &Journal, decision: &Decision) -> Result<u8, Trouble> {
        self.say_decided(open.id(), decision);
        let ids = self.ids();
        let told = if self.json {
            report::print_json(Some(open), journal, Some(decision))
        } else {
            ids.iter().try_for_each(|line| print(line))
        };
        if told.is_err() {
            // Nobody is to be left without them.
            for line in &ids {
                say_line(line);
            }
        }
        written(told).map(|()| 0)
    }

    /// The ids of the order that is followed, a line each.
    fn ids(&self) -> Vec<String> {
        let Course::Placed(follow) = &self.errand.course else { return Vec::new() };
        let requests = follow.requests().iter().map(|one| format!("request {} {}", one.id, one.status));
        let lines = std::iter::once(format!("order {}", follow.placed().id)).chain(requests);
        lines.map(|line| line.trim_end().to_owned()).collect()
    }

    fn report(&self) -> Report<'_> {
        Report { teller: self.teller(), product: self.product }
    }

    /// What the looks brought, for standard output.
    fn print(&self, open: &Open, journal: &Journal) -> Result<(), Trouble> {
        if self.json {
            return written(report::print_json(Some(open), journal, None));
        }
        written(Lines::of_environment().print_all(&self.teller().verdict(open)))
    }

    /// The intent that is looked for, and where none was named the others that are open.
    fn print_open(&self, journal: &Journal, all: bool) -> Result<(), Trouble> {
        let lines = self.report().open_lines(journal, all);
        written(lines.iter().try_for_each(|line| Lines::of_environment().print(Tone::Plain, line)))
    }

    /// Nothing is looked for: why, and what that means for the exit code.
    fn tell_untaken(&self, journal: &Journal) -> Result<u8, Trouble> {
        if self.json {
            written(report::print_json(None, journal, None))?;
        } else {
            self.print_open(journal, true)?;
        }
        self.report().untaken(journal).iter().for_each(|line| say_line(line));
        Ok(match journal.taken {
            Taken::Open(_) | Taken::Busy => STILL_UNKNOWN,
            Taken::Elsewhere(_) => COULD_NOT_RUN,
            Taken::Resolved(_) | Taken::Missing(_) => REFUSED,
            Taken::Nothing => 0,
        })
    }
}

/// Whether the next look is due only after so many seconds, of which so many milliseconds of the schedule had passed.
fn is_late(open: &Open, passed: u64, seconds: Option<u32>) -> bool {
    let due = open.next_look().and_then(|number| LOOKS.get(number - 1));
    let limit = seconds.map_or(u64::MAX, |seconds| u64::from(seconds) * 1000 + passed);
    due.is_none_or(|due| *due > limit)
}
