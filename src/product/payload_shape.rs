//! The shape of the payload, from the pointers of a product's fields: objects, lists, and leaves.
//!
//! Writing and parsing a payload walk this tree. Names are in the order in which their first field is asked. Values
//! do not belong here.

use super::{Field, FieldId, Group, GroupId};

/// An object of the payload: its members by name, in order.
#[derive(Debug, Default)]
pub struct PayloadShape {
    pub members: Vec<(String, PayloadMember)>,
}

/// The shape of one member.
#[derive(Debug)]
pub enum PayloadMember {
    /// A value. Several fields may share one pointer if their conditions exclude each other.
    Leaf(Vec<FieldId>),
    Object(PayloadShape),
    /// A list of objects.
    List(GroupId, PayloadShape),
}

impl PayloadShape {
    /// Builds the tree of all fields that are sent.
    pub(super) fn from_fields(groups: &[Group], fields: &[Field]) -> Self {
        let mut root = Self::default();
        for (index, field) in fields.iter().enumerate() {
            if let Some(name) = &field.at {
                let path: Vec<&str> = groups[field.group.0].at.split('/').skip(1).collect();
                root.add_field(&path, &groups[field.group.0], field.group, name, FieldId(index));
            }
        }
        root
    }

    fn add_field(&mut self, path: &[&str], group: &Group, id: GroupId, name: &str, field: FieldId) {
        let Some((first, rest)) = path.split_first() else {
            return self.add_leaf(name, field);
        };
        let list = rest.is_empty() && group.many.is_some();
        let empty =
            || if list { PayloadMember::List(id, Self::default()) } else { PayloadMember::Object(Self::default()) };
        match self.member_or_insert(first, empty) {
            PayloadMember::Object(shape) | PayloadMember::List(_, shape) => {
                shape.add_field(rest, group, id, name, field);
            }
            // A pointer that runs through a value; a test excludes it.
            PayloadMember::Leaf(_) => {}
        }
    }

    fn add_leaf(&mut self, name: &str, field: FieldId) {
        if let PayloadMember::Leaf(fields) = self.member_or_insert(name, || PayloadMember::Leaf(Vec::new())) {
            fields.push(field);
        }
    }

    fn member_or_insert(&mut self, name: &str, empty: impl Fn() -> PayloadMember) -> &mut PayloadMember {
        let at = self.members.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.members.push((name.to_owned(), empty()));
            self.members.len() - 1
        });
        &mut self.members[at].1
    }

    /// Returns the member of this name, with its index.
    pub fn member(&self, name: &str) -> Option<(usize, &PayloadMember)> {
        let at = self.members.iter().position(|(known, _)| known == name)?;
        Some((at, &self.members[at].1))
    }
}
