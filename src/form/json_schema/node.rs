//! A schema under construction: keywords are added at a path in any order, and written in a fixed order.
//!
//! It uses the keywords of JSON Schema that nest schemas. It does not use the product.

use crate::product::catalog::ANY_ROW;
use serde_json::{Map, Value, json};

/// The schema of one place.
#[derive(Debug, Default)]
pub(super) struct SchemaNode {
    keywords: Map<String, Value>,
    properties: Vec<(String, SchemaNode)>,
    items: Option<Box<SchemaNode>>,
    required: Vec<String>,
    all_of: Vec<Value>,
    /// Schemas that hold only if the value matches a condition, with that condition.
    branches: Vec<(Value, SchemaNode)>,
}

impl SchemaNode {
    /// Returns the node at the end of a path, where [`ANY_ROW`] means each row of a list.
    pub(super) fn at_path(&mut self, path: &[&str]) -> &mut Self {
        path.iter().fold(self, |node, step| match *step {
            ANY_ROW => node.items.get_or_insert_default(),
            name => node.property_mut(name),
        })
    }

    fn property_mut(&mut self, name: &str) -> &mut Self {
        let at = self.properties.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.properties.push((name.to_owned(), Self::default()));
            self.properties.len() - 1
        });
        &mut self.properties[at].1
    }

    /// Returns true if no keyword is set yet.
    pub(super) fn is_empty(&self) -> bool {
        self.keywords.is_empty()
    }

    pub(super) fn set_keyword(&mut self, keyword: &str, value: Value) {
        self.keywords.insert(keyword.to_owned(), value);
    }

    /// Merges a schema into this one. If both set the same keyword, both apply.
    pub(super) fn merge_schema(&mut self, schema: Value) {
        match schema {
            Value::Object(mut said) if said.contains_key("allOf") => {
                let all = said.remove("allOf");
                self.merge_schema(Value::Object(said));
                all.iter().filter_map(Value::as_array).flatten().for_each(|schema| self.add_all_of(schema.clone()));
            }
            Value::Object(said) if said.keys().all(|keyword| !self.keywords.contains_key(keyword)) => {
                self.keywords.extend(said);
            }
            schema => self.add_all_of(schema),
        }
    }

    pub(super) fn add_all_of(&mut self, schema: Value) {
        if !self.all_of.contains(&schema) {
            self.all_of.push(schema);
        }
    }

    /// Requires each step of a path, from its last row on: a rule about rows does not require the list.
    pub(super) fn require_path(&mut self, path: &[&str]) {
        let from = path.iter().rposition(|step| *step == ANY_ROW).map_or(0, |row| row + 1);
        for at in from..path.len() {
            let node = self.at_path(&path[..at]);
            if node.required.iter().all(|name| name != path[at]) {
                node.required.push(path[at].to_owned());
            }
        }
    }

    /// Returns the schema for values that match `look`.
    pub(super) fn branch_for(&mut self, look: Value) -> &mut Self {
        let at = self.branches.iter().position(|(known, _)| *known == look).unwrap_or_else(|| {
            self.branches.push((look, Self::default()));
            self.branches.len() - 1
        });
        &mut self.branches[at].1
    }

    pub(super) fn into_value(self) -> Value {
        let Self { mut keywords, properties, items, required, all_of: mut also, branches } = self;
        if !properties.is_empty() {
            let properties = properties.into_iter().map(|(name, node)| (name, node.into_value()));
            keywords.insert("properties".to_owned(), properties.collect());
        }
        if !required.is_empty() {
            keywords.insert("required".to_owned(), json!(required));
        }
        if let Some(items) = items {
            keywords.insert("items".to_owned(), items.into_value());
        }
        also.extend(branches.into_iter().map(|(look, node)| json!({"if": look, "then": node.into_value()})));
        match also.as_mut_slice() {
            [] => Value::Object(keywords),
            // A single schema needs no `allOf` around it.
            [Value::Object(only)] if keywords.is_empty() => Value::Object(std::mem::take(only)),
            _ => {
                keywords.insert("allOf".to_owned(), Value::from(also));
                Value::Object(keywords)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted_regardless_of_insertion_order() {
        let mut node = SchemaNode::default();
        node.at_path(&["list", ANY_ROW, "id"]).set_keyword("type", json!("integer"));
        node.require_path(&["list", ANY_ROW, "id"]);
        node.require_path(&["list"]);
        node.branch_for(json!(true)).require_path(&["a", "b"]);
        node.branch_for(json!(true)).require_path(&["a", "b"]);
        let list = json!({"items": {"properties": {"id": {"type": "integer"}}, "required": ["id"]}});
        let then = json!({"properties": {"a": {"required": ["b"]}}, "required": ["a"]});
        let branch = json!({"if": true, "then": then});
        assert_eq!(node.into_value(), json!({"properties": {"list": list}, "required": ["list"], "allOf": [branch]}));
    }

    #[test]
    fn two_constraints_with_one_keyword_both_apply() {
        let mut node = SchemaNode::default();
        node.merge_schema(json!({"maxLength": 64}));
        node.merge_schema(json!({"maxLength": 61}));
        node.merge_schema(json!({"minLength": 1}));
        assert_eq!(node.into_value(), json!({"maxLength": 64, "minLength": 1, "allOf": [{"maxLength": 61}]}));
    }

    #[test]
    fn equal_constraints_are_merged_into_the_schema_itself() {
        let mut node = SchemaNode::default();
        node.add_all_of(json!({"required": ["a"]}));
        node.add_all_of(json!({"required": ["a"]}));
        assert_eq!(node.into_value(), json!({"required": ["a"]}));
    }
}
