//! List queries: filters, search, sort order and pages, which all lists of the API share (certcentral-api.md 4.1).
//!
//! The module works on rows of any kind. It ignores an unknown filter, because it is not documented what the real
//! server does with one.

use super::rules::Violation;
use serde_json::{Value, json};

/// The largest page, and the default page size.
const MAX_PAGE_SIZE: usize = 1000;

/// The query parameters of a call, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct ListQuery(pub(super) Vec<(String, String)>);

impl ListQuery {
    fn parameter(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns true if the parameter is `true` or `1`.
    pub(super) fn is_set(&self, name: &str) -> bool {
        matches!(self.parameter(name), Some("true" | "1"))
    }

    /// Returns the values of `filters[property]`, including the form `filters[property][0]`.
    fn filter_values(&self, property: &str) -> impl Iterator<Item = &str> {
        let head = format!("filters[{property}]");
        self.0.iter().filter(move |(name, _)| name.starts_with(&head)).map(|(_, value)| value.as_str())
    }

    /// Returns true if a row with this value passes the filter: the filter has this value, or is absent.
    pub(super) fn passes_filter(&self, property: &str, value: &str) -> bool {
        let mut wanted = self.filter_values(property).peekable();
        wanted.peek().is_none() || wanted.any(|wanted| wanted == value)
    }

    /// Returns true if `filters[search]` finds a row: by its exact id, or by part of one of its texts.
    pub(super) fn matches_search(&self, id: Option<u64>, texts: &[&str]) -> bool {
        let mut wanted =
            self.filter_values("search").map(|wanted| wanted.trim_start_matches('%').to_lowercase()).peekable();
        let found = |wanted: &str| {
            id.is_some_and(|id| id.to_string() == wanted)
                || texts.iter().any(|text| text.to_lowercase().contains(wanted))
        };
        wanted.peek().is_none() || wanted.any(|wanted| found(&wanted))
    }

    /// Returns true if the newest rows come first: `sort` names a date or an id with a minus sign.
    pub(super) fn is_newest_first(&self) -> bool {
        let known = |field: &&str| ["date_created", "date", "order_id", "id"].contains(&field.trim_start_matches('-'));
        let first = self.parameter("sort").and_then(|sort| sort.split(',').find(known));
        first.is_some_and(|field| field.starts_with('-'))
    }

    fn parse_number(&self, name: &str, default: usize) -> Result<usize, Violation> {
        let read =
            |text: &str| text.parse().map_err(|_| Violation::new("sandbox|type", format!("{name} must be a number")));
        self.parameter(name).map_or(Ok(default), read)
    }

    /// Renders the requested page, with the rows under `name`.
    ///
    /// # Errors
    /// `limit` or `offset` is not a number, or `limit` is zero.
    pub(super) fn render_page<T>(
        &self,
        name: &str,
        rows: &[T],
        show: impl Fn(&T) -> Value,
    ) -> Result<Value, Violation> {
        let offset = self.parse_number("offset", 0)?;
        let limit = match self.parse_number("limit", MAX_PAGE_SIZE)? {
            0 => return Err(Violation::new("sandbox|range", "limit must be at least 1")),
            limit => limit.min(MAX_PAGE_SIZE),
        };
        let shown: Vec<_> = rows.iter().skip(offset).take(limit).map(show).collect();
        Ok(json!({ name: shown, "page": { "total": rows.len(), "limit": limit, "offset": offset } }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn query(pairs: &[(&str, &str)]) -> ListQuery {
        ListQuery(pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    #[rstest]
    #[case(&[], true)]
    #[case(&[("filters[status]", "active")], true)]
    #[case(&[("filters[status]", "inactive")], false)]
    #[case(&[("filters[status][0]", "inactive"), ("filters[status][1]", "active")], true)]
    #[case(&[("filters[other]", "x")], true)]
    fn a_filter_passes_rows(#[case] pairs: &[(&str, &str)], #[case] passes: bool) {
        assert_eq!(query(pairs).passes_filter("status", "active"), passes);
    }

    #[rstest]
    #[case("900001", true)]
    #[case("90000", false)]
    #[case("zilver", true)]
    #[case("%ZILVER", true)]
    #[case("goud", false)]
    fn a_search_finds_an_exact_id_or_part_of_a_name(#[case] search: &str, #[case] found: bool) {
        assert_eq!(query(&[("filters[search]", search)]).matches_search(Some(900_001), &["Gemeente Zilverdam"]), found);
    }

    #[rstest]
    #[case("-date_created", true)]
    #[case("date_created", false)]
    #[case("status,-order_id", true)]
    #[case("-status", false)]
    fn orders_are_sorted_by_age(#[case] sort: &str, #[case] newest_first: bool) {
        assert_eq!(query(&[("sort", sort)]).is_newest_first(), newest_first);
    }

    #[rstest]
    #[case(&[], &[1, 2, 3], 1000)]
    #[case(&[("limit", "2")], &[1, 2], 2)]
    #[case(&[("limit", "2"), ("offset", "2")], &[3], 2)]
    #[case(&[("offset", "18446744073709551615")], &[], 1000)]
    #[case(&[("limit", "5000")], &[1, 2, 3], 1000)]
    fn a_page_holds_its_rows(#[case] pairs: &[(&str, &str)], #[case] rows: &[u64], #[case] limit: u64) {
        let page = query(pairs).render_page("rows", &[1, 2, 3], |&row| json!(row)).unwrap();
        assert_eq!(page["rows"], json!(rows));
        assert_eq!((&page["page"]["total"], &page["page"]["limit"]), (&json!(3), &json!(limit)));
    }

    #[rstest]
    #[case("limit", "0")]
    #[case("limit", "x")]
    #[case("offset", "-1")]
    fn an_invalid_page_is_refused(#[case] name: &str, #[case] value: &str) {
        assert!(query(&[(name, value)]).render_page("rows", &[1], |&row| json!(row)).is_err());
    }
}
