//! A new organization beside those that the account has: which of them it may be, shown before one goes on.
//!
//! They are compared once a field was left, not while it is typed in, and those that arrive later as they come. To take
//! one is up to the person; nothing that was typed is lost by it.

use super::lists::{State, Want};
use super::{Model, Spot};
use crate::form::Place;
use crate::layout::Tone;
use crate::likeness::{Entered, Likeness};
use crate::product::StepId;

/// So many are shown, those first that are most alike.
const SHOWN: usize = 3;

/// So many are compared at a time: that takes about as long as a key may take.
const AT_A_TIME: usize = 4_000;

/// What was found so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Alikes {
    /// What was compared.
    entered: Option<Entered>,
    /// With how many organizations.
    looked: usize,
    found: Vec<(Likeness, u64)>,
    /// Whether one was led to them already.
    met: bool,
}

impl Model {
    /// Compares what is entered with the organizations that are known by now.
    pub(super) fn look_for_alikes(&mut self) {
        if self.editor.is_some() {
            return;
        }
        let entered = self.form.entered();
        if self.alikes.entered != entered {
            let met = self.alikes.met;
            self.alikes = Alikes { entered, met, ..Alikes::default() };
        }
        let Some(entered) = &self.alikes.entered else { return };
        let rows = self.known.organizations.rows();
        let until = rows.len().min(self.alikes.looked + AT_A_TIME);
        let new = rows.get(self.alikes.looked..until).unwrap_or_default();
        // DigiCert advises to set aside by "inactive" what must not be matched (certcentral-api.md 3).
        let found = new.iter().filter(|known| known.is_active() != Some(false));
        let found: Vec<_> = found.filter_map(|known| Some((entered.likeness(known)?, known.id))).collect();
        self.alikes.looked = until;
        if !found.is_empty() {
            self.alikes.found.extend(found);
            self.alikes.found.sort_unstable();
            self.alikes.met = false;
        }
    }

    /// Whether there are organizations that are still to be compared with what is entered.
    pub(super) fn has_to_compare(&self) -> bool {
        let all = self.known.organizations.rows().len();
        self.editor.is_none() && self.alikes.entered.is_some() && self.alikes.looked < all
    }

    /// Whether this field names the new organization, under which those are shown that it may be.
    pub(super) fn has_alikes(&self, at: Place) -> bool {
        self.form.subject() == Some(at) && !self.form.is_organization(at) && !self.alikes.found.is_empty()
    }

    /// Those that are shown, as spots.
    pub(super) fn alikes(&self) -> impl Iterator<Item = Spot> {
        self.alikes.found.iter().take(SHOWN).map(|(_, id)| Spot::Take(*id))
    }

    /// What has to be there to compare with.
    pub(super) fn alike_want(&self, step: StepId) -> Option<Want> {
        let at = self.form.subject()?;
        let here = self.product()[self.product()[at.field].group].step == step;
        (here && !self.form.is_organization(at)).then_some(Want::Organizations)
    }

    /// What is said under the name of a new organization.
    pub(super) fn alike_said(&self, at: Place) -> Option<(Tone, String)> {
        if self.has_alikes(at) {
            let more = self.alikes.found.len().saturating_sub(SHOWN);
            let said = match more {
                0 => self.say("alike_org.found").to_owned(),
                more => self.lang.tell("alike_org.found_more", &[("count", &self.lang.count(more))]),
            };
            return Some((Tone::Warning, format!("! {said}")));
        }
        let typed = self.form.subject() == Some(at) && self.alikes.entered.is_some();
        match self.lists.state(Want::Organizations) {
            Some(State::Failed(failure)) if typed => {
                let why = self.teller().failure(failure);
                Some((Tone::Note, self.lang.tell("alike_org.untold", &[("why", &why)])))
            }
            _ => None,
        }
    }

    /// What the button says that takes one.
    pub(super) fn take_words(&self, id: u64) -> String {
        self.lang.tell("alike_org.take", &[("which", &self.alike_words(id))])
    }

    /// "900001  Gemeente Zilverdam, 1234 AB Zilverdam".
    fn alike_words(&self, id: u64) -> String {
        let Some(found) = self.known.organization(id) else { return id.to_string() };
        let place = [found.zip.as_str(), &found.city].join(" ");
        format!("{id}  {}, {}", found.name, place.trim()).trim_end_matches([' ', ',']).to_owned()
    }

    /// Orders for one that there is.
    pub(super) fn take_alike(&mut self, id: u64) {
        let set = self.form.order_for(id);
        for at in &set {
            self.mark_changed(*at);
        }
        if let Some(at) = set.last() {
            self.focus_on(Spot::Field(*at));
        }
        self.flash("alike_org.taken");
    }

    /// Leads to those that it may be, once, before the step is left. Answers whether it did.
    pub(super) fn meets_alikes(&mut self, step: StepId) -> bool {
        let here = self.alike_want(step).is_some() && !self.alikes.found.is_empty();
        if !here || std::mem::replace(&mut self.alikes.met, true) {
            return false;
        }
        let first = self.alikes().next();
        if let Some(spot) = first {
            self.focus_on(spot);
        }
        self.flash("alike_org.first");
        true
    }

    /// What Confirm says of them.
    pub(super) fn alike_warning(&self) -> Option<String> {
        let (_, id) = self.alikes.found.first()?;
        Some(self.lang.tell("alike_org.confirm", &[("which", &self.alike_words(*id))]))
    }
}
