//! The id of a text, and the values for its placeholders.

use std::fmt::{self, Debug, Display};
use std::marker::PhantomData;

/// The id of a text. `V` is the type of the values for its placeholders: `()`, one value, or a tuple of them.
#[derive(Clone, Copy, PartialOrd, Ord)]
pub struct TextId<V = ()> {
    index: u16,
    values: PhantomData<fn() -> V>,
}

impl<V> TextId<V> {
    pub(super) const fn new(index: u16) -> Self {
        Self { index, values: PhantomData }
    }

    pub(super) fn index(&self) -> usize {
        usize::from(self.index)
    }

    /// Returns the name within its section.
    pub(crate) fn name(&self) -> &'static str {
        let name = super::text_name(self.index());
        name.split_once('.').map_or(name, |(_, name)| name)
    }

    /// Returns the id of the text with its placeholders still open.
    pub(crate) fn unfilled(self) -> TextId {
        TextId::new(self.index)
    }
}

// Derived, these would ask the same of the values.
impl<V> PartialEq for TextId<V> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl<V> Eq for TextId<V> {}

impl<V> Debug for TextId<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(super::text_name(self.index()))
    }
}

/// Values with the names of the placeholders that they replace.
pub trait NamedValues {
    fn named_values(&self) -> Vec<(&'static str, &dyn Display)>;
}

/// The values for the placeholders of a text, in any order.
#[diagnostic::on_unimplemented(message = "the text has other placeholders than these", label = "expected {V}")]
pub trait ValuesFor<V>: NamedValues {}

impl<A: NamedValues, B: NamedValues> NamedValues for (A, B) {
    fn named_values(&self) -> Vec<(&'static str, &dyn Display)> {
        [self.0.named_values(), self.1.named_values()].concat()
    }
}

impl<A: NamedValues, B: NamedValues, C: NamedValues> NamedValues for (A, B, C) {
    fn named_values(&self) -> Vec<(&'static str, &dyn Display)> {
        [self.0.named_values(), self.1.named_values(), self.2.named_values()].concat()
    }
}

impl<A: NamedValues, B: NamedValues, C: NamedValues, D: NamedValues> NamedValues for (A, B, C, D) {
    fn named_values(&self) -> Vec<(&'static str, &dyn Display)> {
        [self.0.named_values(), self.1.named_values(), self.2.named_values(), self.3.named_values()].concat()
    }
}
