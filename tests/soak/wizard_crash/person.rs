//! A person at one run of the program: continues where it stopped, fills in missing values, orders, resolves unknown
//! outcomes, and quits.
//!
//! The person decides only by the screen, not by what the sandbox knows.

use super::hand::{Go, Hand};
use super::memory::{Losses, Memory};
use super::page::{COUNT, FIELDS, Field, How, focused};
use super::plan::Phase;
use crate::common::quotes::quote;
use crate::common::tty::{GIVEN_BACK, View};
use std::time::Duration;
use zegel::sandbox::{Fault, FaultSpec, Sandbox};

/// A connection that is not held by then never will be.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a person knows and wants in all runs of a round.
#[derive(Debug)]
pub(crate) struct Mind {
    /// The wanted value of each field.
    pub(crate) wish: [String; COUNT],
    /// The typed values.
    pub(crate) memory: Memory,
    /// How often an order was confirmed by the word and Enter.
    pub(crate) confirmed: u64,
    /// The form at the last confirmation.
    pub(crate) ordered: Option<[String; COUNT]>,
    /// Whether an order was found again.
    pub(crate) adopted: bool,
    /// The losses of typed values at all kills.
    pub(crate) losses: Losses,
    /// Whether the journal was damaged.
    pub(crate) damaged: bool,
    /// How often a loss was acknowledged, and a look in CertCentral led to a decision.
    pub(crate) acknowledged: u64,
    pub(crate) stated: u64,
}

/// How a run ended that was not killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// With the order of this id.
    Placed(u64),
    /// Without ordering, because Confirm reported such an order.
    LookedFirst,
}

/// The person at this run.
pub(crate) struct Person<'a> {
    pub(crate) hand: Hand,
    pub(crate) mind: &'a mut Mind,
    pub(crate) sandbox: &'a Sandbox,
    /// The number of list requests in which an order is missing at first.
    pub(crate) late: u64,
    /// Returns what a person finds in CertCentral.
    pub(crate) certcentral: &'a dyn Fn() -> Option<u64>,
}

impl Person<'_> {
    /// Runs from the start of the program to its end.
    pub(crate) fn live(&mut self) -> Go<Done> {
        let unknown = |view: &View| view.rows()[1].starts_with(" Outcome unknown");
        let home = |view: &View| view.shows("[ New order ]") && !view.shows(quote("home.reading", "Loading drafts"));
        self.hand.tty.wait_until("Home or Unknown", |view| home(view) || unknown(view));
        if self.hand.tty.look(unknown) {
            self.mind.memory.is_in_the_journal();
            if let Some(order) = self.resolve()? {
                self.mind.adopted = true;
                return Ok(self.leave(order));
            }
            if self.hand.tty.look(|view| view.shows("[ New order ]")) {
                self.hand.tty.wait_until("Home", home);
                self.open()?;
            }
        } else {
            self.open()?;
        }
        self.fill_in()?;
        self.order()
    }

    /// Moves from Home to the existing draft, else to a new order.
    fn open(&mut self) -> Go {
        let drafts = self.hand.tty.look(|view| view.rows().iter().filter(|row| row.contains(" · saved ")).count());
        assert!(drafts <= 1, "one order is one draft:\n{}", self.hand.tty.screen());
        if drafts == 0 && self.sandbox.order_counts().placed > 0 {
            // The values were ordered and discarded on purpose, but nothing here shows that.
            self.mind.memory = Memory::default();
        }
        if drafts == 1 {
            self.hand
                .press_until("down", "the draft", |view| focused(view).is_none_or(|row| !row.contains("New order")))?;
        }
        self.hand.press_until("enter", "the form", |view| view.shows("Step ") && view.shows(" of 7: "))
    }

    /// Continues until the order is found, or decided not to exist.
    fn resolve(&mut self) -> Go<Option<u64>> {
        assert!(self.mind.confirmed > 0, "nothing was confirmed:\n{}", self.hand.tty.screen());
        self.hand.kill_in(Phase::Looks)?;
        let report = |view: &View| proposed(view).is_some() || view.shows("Type \"not placed\":");
        let by_a_look = |view: &View| {
            let unknown = "not know what was there before you ordered):";
            let number = view.shows("Type the number of your order:") || view.shows("Type the order number, or");
            view.shows("Type \"not placed:\" and why:") || number && view.shows(unknown)
        };
        self.hand.tty.wait_until("something to decide", |view| report(view) || by_a_look(view));
        let (mut order, by_a_look) = (self.hand.tty.look(proposed), self.hand.tty.look(by_a_look));
        let mut word = order.map_or_else(|| "not placed".to_owned(), |order| order.to_string());
        if by_a_look {
            // An intent that only its file knows has no known set.
            order = (self.certcentral)();
            let decision = order.map_or_else(|| "not placed".to_owned(), |order| order.to_string());
            word = format!("{decision}: looked under Orders");
            self.mind.stated += 1;
        }
        self.hand.tty.type_text(&word).wait_cursor(&format!(": {word}")).press("enter");
        self.hand.kill_in(Phase::Decision)?;
        match order {
            Some(order) => self.hand.tty.wait_for(&format!("Order {order} was placed")),
            // Its file has no form: the values are in the drafts, if those were not lost.
            None if by_a_look => {
                self.hand.tty.wait_for("The order is now recorded as not placed.").wait_for("[ New order ]")
            }
            // A draft that was lost with the journal is not opened.
            None if self.mind.damaged => self.hand.tty.wait_until("the draft", |view| {
                view.shows("never saved, so please fill") || view.shows("This draft no longer exists.")
            }),
            // Then its draft is opened, and only that can be continued. The message that the decision is in the journal
            // lasts until the draft is there, which may be too short to be seen.
            None => self.hand.tty.wait_for("never saved, so please fill"),
        };
        Ok(order)
    }

    /// Visits all steps, and fills in missing values.
    fn fill_in(&mut self) -> Go {
        let values = self.read()?;
        self.mind.losses.add(self.mind.memory.compare(&values));
        for step in 1..=6 {
            self.go_to(step)?;
            for (at, field) in FIELDS.iter().enumerate().filter(|(_, field)| field.step == step) {
                self.fill(at, *field)?;
            }
            if step == 3 {
                self.agree()?;
            }
        }
        Ok(())
    }

    /// Returns the values of the form.
    fn read(&mut self) -> Go<[String; COUNT]> {
        let mut values = [const { String::new() }; COUNT];
        for step in [1, 2, 4, 5] {
            self.go_to(step)?;
            for (field, value) in FIELDS.iter().zip(&mut values).filter(|(field, _)| field.step == step) {
                *value = self.hand.tty.look(|view| field.value(view));
            }
        }
        Ok(values)
    }

    fn go_to(&mut self, step: usize) -> Go {
        let title = format!(" Step {step} of 7: ");
        self.hand.press_until(&format!("alt-{step}"), &title, |view| view.rows()[1].starts_with(&title))
    }

    fn focus(&mut self, label: &str) -> Go {
        while let before = self.hand.tty.look(focused)
            && before.as_deref() != Some(label)
        {
            // A step opens on the first field that needs a value: other fields may come before it.
            let last = before.as_ref().is_some_and(|row| row.starts_with("[ Continue to: "));
            self.hand
                .press_until(if last { "pageup" } else { "tab" }, "another focus", |view| focused(view) != before)?;
        }
        Ok(())
    }

    fn fill(&mut self, at: usize, field: Field) -> Go {
        let text = self.mind.wish[at].clone();
        if self.hand.tty.look(|view| field.value(view) == text) {
            return Ok(());
        }
        self.focus(field.label)?;
        self.mind.memory.begin(at, &text);
        match field.how {
            How::Pick => self.pick(field.label, &text)?,
            How::Line => {
                self.hand.press("end")?;
                self.hand.press("ctrl-u")?;
                self.hand.type_text(&text)?;
            }
            How::Radio => self.hand.press("right")?,
        }
        self.hand.tty.wait_until(&format!("{text:?} in {:?}", field.label), |view| field.value(view) == text);
        self.mind.memory.shown(at);
        Ok(())
    }

    fn pick(&mut self, label: &str, text: &str) -> Go {
        self.hand.type_text(text)?;
        let (typed, chosen) = (format!("{label}: {text}"), format!(" › {text} "));
        self.hand
            .tty
            .wait_cursor(&typed)
            .wait_until(&chosen, |view| view.rows().iter().any(|row| format!("{row} ").contains(&chosen)));
        self.hand.press("enter")
    }

    /// The agreement is accepted again in each run.
    fn agree(&mut self) -> Go {
        let box_of = |view: &View| view.rows().into_iter().find(|row| row.contains("] I agree")).unwrap_or_default();
        assert!(self.hand.tty.look(box_of).contains("[ ]"), "it is never kept:\n{}", self.hand.tty.screen());
        while !self.hand.tty.look(box_of).starts_with(" › ") {
            let before = self.hand.tty.look(focused);
            self.hand.press_until("tab", "another focus", |view| focused(view) != before)?;
        }
        self.hand.press_until("space", "the agreement", |view| box_of(view).contains("[x]"))
    }

    /// Moves from the form over Review and Confirm to the order.
    fn order(&mut self) -> Go<Done> {
        self.hand.press_until("alt-7", "Review", |view| view.shows("JSON · digest "))?;
        self.hand.press_until("ctrl-n", "Confirm", |view| {
            view.rows()[1].starts_with(" Confirm")
                && !view.shows(quote("confirm.survey", "Checking for earlier orders"))
        })?;
        if self.hand.tty.look(|view| view.shows("These orders for the same product")) {
            return Ok(self.look_first());
        }
        let lost = self.hand.tty.look(|view| read_on(view).contains("zegel no longer knows which "));
        assert!(!lost || self.mind.damaged, "nothing is lost:\n{}", self.hand.tty.screen());
        let word = if lost { "journal lost" } else { "order" };
        self.hand.tty.wait_cursor(&format!("Type {word} and press Enter:"));
        self.hand.type_text(word)?;
        self.hand.tty.wait_cursor(&format!("Enter: {word}"));
        self.mind.acknowledged += u64::from(lost);
        self.hand.kill_in_form()?;
        self.confirm()?;
        let placed = |view: &View| number_in(view, "Order ", " was placed");
        self.hand.tty.wait_until("an order that was placed", |view| placed(view).is_some());
        let order = self.hand.tty.look(placed).unwrap();
        Ok(self.leave(order))
    }

    /// Presses the key that sends the order.
    fn confirm(&mut self) -> Go {
        let fault = self.hand.planned_hold();
        let late = FaultSpec { number: self.late, times: Some(1), ..FaultSpec::from(Fault::ListLate) };
        let switches = fault.map(|fault| FaultSpec { times: Some(1), ..FaultSpec::from(fault) }).into_iter();
        self.sandbox.set_faults(&switches.chain([late]).collect::<Vec<_>>());
        let before = self.sandbox.wait_for_hold(0, Duration::ZERO).map_or(0, |held| held.count);
        self.mind.confirmed += 1;
        self.mind.ordered = Some(self.mind.wish.clone());
        self.hand.tty.press("enter");
        self.hand.kill_in(Phase::Intent)?;
        let Some(fault) = fault else { return Ok(()) };
        let held = self.sandbox.wait_for_hold(before, PATIENCE).expect("it is held");
        assert_eq!(held.phase, Some(fault));
        let killed = self.hand.kill();
        // A killed client has closed the connection before it is released.
        self.sandbox.set_faults(&[]);
        killed
    }

    /// The order exists already: nothing is ordered, and the draft stays.
    fn look_first(&mut self) -> Done {
        self.hand.tty.press("ctrl-c");
        self.assert_left();
        Done::LookedFirst
    }

    /// Quits from Status.
    fn leave(&mut self, order: u64) -> Done {
        self.hand.tty.press("q");
        let words = self.assert_left();
        assert!(words.starts_with(&format!("order {order}\r\n")), "{words}");
        Done::Placed(order)
    }

    /// Asserts that the program ended well and restored the terminal. Returns its last message.
    fn assert_left(&mut self) -> String {
        assert_eq!(self.hand.tty.wait_exit(), 0);
        assert!(self.hand.tty.modes_are_back());
        let raw = String::from_utf8(self.hand.tty.raw()).unwrap();
        let (_, words) = raw.rsplit_once(GIVEN_BACK).expect("the terminal is given back");
        words.to_owned()
    }
}

/// Joins the words on the screen over the ends of rows.
fn read_on(view: &View) -> String {
    view.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the proposed order.
fn proposed(view: &View) -> Option<u64> {
    number_in(view, "As far as zegel can tell, order ", " matches yours.")
}

/// Returns the number between two words of a row.
fn number_in(view: &View, before: &str, after: &str) -> Option<u64> {
    let rows = view.rows();
    let mut numbers = rows.iter().filter_map(|row| row.split_once(after)?.0.rsplit_once(before)?.1.parse().ok());
    numbers.next()
}
