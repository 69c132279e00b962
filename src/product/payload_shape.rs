//! The shape of the payload, from the pointers of a product's fields: objects, lists, and leaves.
//!
//! Writing and parsing a payload walk this tree. Names are in the order in which their first field is asked. Values
//! do not belong here.

use super::{FieldId, GroupId};

/// An object of the payload: its members by name, in order.
#[derive(Debug, Clone, Copy)]
pub struct PayloadShape {
    pub members: &'static [(&'static str, PayloadMember)],
}

/// The shape of one member.
#[derive(Debug, Clone, Copy)]
pub enum PayloadMember {
    /// A value. Several fields may share one pointer if their conditions exclude each other.
    Leaf(&'static [FieldId]),
    Object(PayloadShape),
    /// A list of objects.
    List(GroupId, PayloadShape),
}

impl PayloadShape {
    /// Returns the member of this name, with its index.
    pub fn member(&self, name: &str) -> Option<(usize, &PayloadMember)> {
        let at = self.members.iter().position(|(known, _)| *known == name)?;
        Some((at, &self.members[at].1))
    }
}
