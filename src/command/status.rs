//! `zegel status`: what became of an order, told once, at each change, or as a page for the file.
//!
//! It asks as the wizard's Status does and changes nothing. The journal says what was asked for where it knows the
//! order; without it the rest is told all the same.

mod find;
mod paper;
pub(super) mod picture;
mod summary;

use super::basis::Basis;
use super::ends::{self, Ends};
use super::errand::Errand;
use super::lines::{Lines, Unwritten, json_line};
use super::{COULD_NOT_RUN, Trouble, environment, say, say_line};
use crate::cli::Status;
use crate::facts::{Entry, Failure, RequestRow};
use crate::lang::Lang;
use crate::layout::Tone;
use crate::order::{Course, Follow};
use crate::product::{self, Product};
use crate::run::RunError;
use crate::store;
use crate::tell::Teller;
use find::Found;
use picture::Picture;

/// Tells what is asked for, and gives the exit code.
pub(super) fn run(basis: &Basis, args: &Status) -> Result<u8, Trouble> {
    let (lang, product) = (&basis.lang, product::pkio()?);
    let access = basis.access(product)?;
    let (host, sandbox) = (access.host.name().to_owned(), access.sandbox);
    let errand = Errand::new(&access, store::state_dir(environment), &product.endpoint).map_err(RunError::System)?;
    let runtime = ends::runtime().map_err(RunError::System)?;
    let mut inquiry = Inquiry { lang, product, host, sandbox, id: args.id, errand, journal: Vec::new(), said: None };
    let done = runtime.block_on(async {
        let mut ends = Ends::hear().map_err(RunError::System)?;
        tokio::select! {
            done = inquiry.answer(args) => done,
            code = ends.told() => Ok(code),
            () = ends::unread() => Ok(0),
        }
    });
    inquiry.errand.close();
    // What still waits for an answer must not keep the program from ending.
    runtime.shutdown_background();
    done
}

/// What is asked about one order or request, and by what means.
struct Inquiry<'a> {
    lang: &'a Lang,
    product: &'static Product,
    /// Host and port of the account.
    host: String,
    sandbox: bool,
    /// The id of an order or a request.
    id: u64,
    errand: Errand,
    /// The orders that were placed from here on this account.
    journal: Vec<Entry>,
    /// What was last said to have failed.
    said: Option<Failure>,
}

impl Inquiry<'_> {
    fn teller(&self) -> Teller<'_> {
        Teller { lang: self.lang, host: &self.host }
    }

    async fn answer(&mut self, args: &Status) -> Result<u8, Trouble> {
        self.read_journal().await;
        let found = self.find().await;
        let told = match (args.summary, args.watch) {
            (true, _) => self.tell_summary(found).await,
            (_, true) => self.watch(found, args.json).await,
            _ => self.tell(found, args.json),
        };
        match told {
            Ok(code) => Ok(code),
            Err(Unwritten::Closed) => Ok(0),
            Err(Unwritten::Failed(why)) => Err(Trouble::Output(why)),
        }
    }

    /// The order that is followed.
    fn follow(&self) -> Option<&Follow> {
        match &self.errand.course {
            Course::Placed(follow) => Some(follow),
            _ => None,
        }
    }

    /// What is known of the order that is followed.
    fn picture(&self) -> Picture {
        self.follow().map(|follow| Picture::of(follow, self.errand.now())).unwrap_or_default()
    }

    /// Tells it once.
    fn tell(&self, found: Found, json: bool) -> Result<u8, Unwritten> {
        let picture = match found {
            Found::Order => self.picture(),
            Found::Request(row) => Picture::of_request(&row),
            Found::Nothing(failure) => return Ok(self.say_nothing(&failure)),
        };
        if let Some(failure) = &picture.failure {
            self.say_failure(failure);
        }
        if !picture.is_told() {
            return Ok(COULD_NOT_RUN);
        }
        self.print(&picture, json)?;
        Ok(0)
    }

    fn print(&self, picture: &Picture, json: bool) -> Result<(), Unwritten> {
        if json {
            let failure = picture.failure.as_ref().map(|failure| self.teller().failure(failure));
            let line = json_line(&picture.to_json(&self.host, failure.as_deref()));
            return Lines::plain().print(Tone::Plain, &line);
        }
        let asked = self.past().map(|entry| picture::asked(&entry.intent));
        Lines::of_environment().print_all(&picture.said(self.teller(), asked.as_ref()))
    }

    /// Goes on until nothing more changes, and tells each change. A failure is said once.
    async fn watch(&mut self, found: Found, json: bool) -> Result<u8, Unwritten> {
        match found {
            Found::Order => {}
            Found::Nothing(failure) => return Ok(self.say_nothing(&failure)),
            Found::Request(row) => return self.cannot_watch(&row, json),
        }
        let mut last = Picture::default();
        loop {
            let picture = self.picture();
            self.say_news(picture.failure.clone());
            if picture.is_told() && !picture.says_the_same(&last) {
                self.print_change(&picture, json)?;
                last = picture;
            } else if !picture.is_told() && !picture.may_come(self.past().is_some()) {
                return Ok(COULD_NOT_RUN);
            }
            if !self.round().await {
                say_line(self.lang.say("status.final"));
                return Ok(0);
            }
        }
    }

    fn print_change(&self, picture: &Picture, json: bool) -> Result<(), Unwritten> {
        if json {
            return self.print(picture, json);
        }
        let (tone, line) = picture.change(self.teller());
        Lines::of_environment().print(tone, &line)
    }

    /// A request that names no order can be told, and not be followed.
    fn cannot_watch(&self, row: &RequestRow, json: bool) -> Result<u8, Unwritten> {
        self.print_change(&Picture::of_request(row), json)?;
        say(&self.lang.tell("follow.no_order", &[("id", &row.id.to_string())]));
        Ok(COULD_NOT_RUN)
    }

    /// Says what failed, unless that was said already; once all is well again it may be said anew.
    fn say_news(&mut self, failure: Option<Failure>) {
        if let Some(failure) = failure.as_ref().filter(|failure| self.said.as_ref() != Some(failure)) {
            self.say_failure(failure);
        }
        self.said = failure;
    }

    fn say_failure(&self, failure: &Failure) {
        say_line(&self.lang.tell("follow.failed", &[("why", &self.teller().failure(failure))]));
    }

    /// Neither an order nor a request of this id could be had.
    fn say_nothing(&self, failure: &Failure) -> u8 {
        let why = self.teller().failure(failure);
        if !find::is_missing(failure) {
            self.say_failure(failure);
            return COULD_NOT_RUN;
        }
        let values = [("id", self.id.to_string()), ("host", self.host.clone()), ("why", why)];
        say_line(&self.lang.tell("follow.nothing", &values.each_ref().map(|(name, value)| (*name, value.as_str()))));
        say_line(self.lang.say("follow.nothing_hint"));
        COULD_NOT_RUN
    }
}
