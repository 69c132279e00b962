//! What a draft may not hold: secrets, the agreement, and card data wherever the form can tell it.
//!
//! It is taken out before a draft is written and again when one was read, so neither a change of the product file
//! nor a draft that somebody else wrote brings any of it in. Of what is taken out the place is remembered, and
//! nothing else. It knows nothing of how a draft is written.

use super::check::shows_card;
use super::payload::{Skeleton, Slot};
use super::{Form, Held, Place};
use crate::json::{Doc, Value};
use crate::product::shape::{Member, Shape};
use crate::product::{FieldId, Kind, Product};
use std::collections::BTreeSet;

/// Something that was left out of a draft, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Withheld {
    /// A secret, which is never stored.
    Secret(Place),
    /// The agreement, which must come from the person's own act.
    Agreement(Place),
    /// A value beside a secret, or one that held card data where none belongs.
    Private(Place),
    /// Something that the form does not know, beside a secret or with card data in it, in what is at this pointer.
    Member(String),
}

impl Form {
    /// The pointers of members that the form does not know and that may be card data: what is not masked where it is
    /// shown, and not left out where the order is journaled.
    pub fn strays(&self) -> BTreeSet<String> {
        let mut form = self.clone();
        form.withheld_members.clear();
        form.withhold_members();
        form.withheld_members
    }

    /// Takes out what may not be kept.
    pub(super) fn withhold(&mut self) {
        self.wipe();
        let values = std::mem::take(&mut self.values);
        let (kept, out) = values.into_iter().partition(|(at, held)| self.may_keep(at.field, held));
        self.values = kept;
        self.withheld.extend(out.into_keys());
        self.withhold_members();
    }

    fn may_keep(&self, field: FieldId, held: &Held) -> bool {
        let declared = &self.product[field];
        match held {
            _ if declared.secret.is_some() || declared.kind == Kind::Consent => false,
            // What the product file says itself is nobody's secret.
            Held::Text(text) if is_private(self.product, field) => self.initial(field) == Some(text),
            Held::Text(_) => true,
            Held::Odd(doc) => !is_private(self.product, field) && !card_in(doc),
        }
    }

    fn withhold_members(&mut self) {
        let product = self.product;
        let mut sieve = Sieve { product, told: &mut self.withheld_members };
        if let Some(skeleton) = &mut self.skeleton {
            sieve.members(&product.shape, skeleton, "");
        }
        for (group, rows) in &self.rows {
            let Some(shape) = product.list_shape(*group) else { continue };
            for (index, row) in rows.iter().enumerate() {
                let path = format!("{}/{index}", product[*group].at);
                let sound = self.row_skeletons.get_mut(row).is_none_or(|slot| sieve.known(shape, slot, &path));
                if !sound {
                    self.row_skeletons.remove(row);
                }
            }
        }
    }

    /// What is not in the draft from which this form comes.
    pub(super) fn withheld(&self) -> Vec<Withheld> {
        let values = self.withheld.iter().map(|at| match &self.product[at.field] {
            field if field.secret.is_some() => Withheld::Secret(*at),
            field if field.kind == Kind::Consent => Withheld::Agreement(*at),
            _ => Withheld::Private(*at),
        });
        values.chain(self.withheld_members.iter().cloned().map(Withheld::Member)).collect()
    }
}

/// Takes out of what was read the members that may be card data.
struct Sieve<'a> {
    product: &'static Product,
    told: &'a mut BTreeSet<String>,
}

impl Sieve<'_> {
    fn members(&mut self, shape: &Shape, skeleton: &mut Skeleton, path: &str) {
        skeleton.retain_mut(|(name, slot)| {
            let inner = format!("{path}/{name}");
            match (shape.member(name).map(|(_, member)| member), slot) {
                (Some(Member::Object(shape) | Member::List(_, shape)), slot) => {
                    // Its place stays, for what is entered instead.
                    if !self.known(shape, slot, &inner) {
                        *slot = Slot::Held;
                    }
                    true
                }
                // Where the name may say too much, what it stands in is told.
                (None, Slot::Foreign(doc)) if private_here(self.product, shape) || shows_card(name) => {
                    self.passes(doc, true, path)
                }
                (_, Slot::Foreign(doc)) => self.passes(doc, false, &inner),
                _ => true,
            }
        });
    }

    /// Whether what stands where the form knows an object, a list or a row of one can stay.
    fn known(&mut self, shape: &Shape, slot: &mut Slot, path: &str) -> bool {
        match slot {
            Slot::Object(members) => self.members(shape, members, path),
            Slot::Foreign(doc) => return self.passes(doc, private_below(self.product, shape), path),
            Slot::Held | Slot::List => {}
        }
        true
    }

    fn passes(&mut self, doc: &Doc, private: bool, path: &str) -> bool {
        let out = private || card_in(doc);
        self.told.extend(out.then(|| path.to_owned()));
        !out
    }
}

/// Whether it is a secret, or stands beside one.
pub(super) fn is_private(product: &Product, field: FieldId) -> bool {
    product[field].secret.is_some() || !product.group_of(field).keep
}

/// Whether a secret, or something that is never stored, is a member of this object.
pub(super) fn private_here(product: &Product, shape: &Shape) -> bool {
    shape.members.iter().any(|(_, member)| match member {
        Member::Leaf(fields) => fields.iter().any(|field| is_private(product, *field)),
        Member::Object(_) | Member::List(..) => false,
    })
}

/// Whether one is in this object or below.
pub(super) fn private_below(product: &Product, shape: &Shape) -> bool {
    let below = |member: &Member| match member {
        Member::Object(shape) | Member::List(_, shape) => private_below(product, shape),
        Member::Leaf(_) => false,
    };
    private_here(product, shape) || shape.members.iter().any(|(_, member)| below(member))
}

/// Whether something in a document, its names included, looks like a card number.
fn card_in(doc: &Doc) -> bool {
    match &doc.value {
        Value::Text(text) | Value::Number(text) => shows_card(text),
        Value::List(rows) => rows.iter().any(card_in),
        Value::Object(members) => members.iter().any(|(name, doc)| shows_card(name) || card_in(doc)),
        Value::Null | Value::Bool(_) => false,
    }
}
