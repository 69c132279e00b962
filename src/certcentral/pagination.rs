//! Pagination: reading a list page by page, one page after another.
//!
//! The tally of the pages decides where the next page begins and whether the list is complete; this module adds the
//! limits.

use super::rate_limit::max_calls_within;
use crate::domain::{ApiError, HasId, ListGap, Listing, Page, PageTally, ServerDated};
use std::time::Duration;
use tokio::time::Instant;

/// The limits for reading a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// Rows per page, at most 1000 (certcentral-api.md 4.1).
    pub size: u64,
    /// The largest number of pages to fetch.
    pub max_pages: u32,
}

/// The time limit for one list. Longer reading would make a preflight too old.
const MAX_READING_TIME: Duration = Duration::from_mins(5);

impl Paging {
    /// Returns a paging with as many pages as the rate limit allows within the time limit.
    pub fn longest() -> Self {
        Self { max_pages: max_calls_within(MAX_READING_TIME), ..Self::default() }
    }
}

impl Default for Paging {
    fn default() -> Self {
        Self { size: 1000, max_pages: 100 }
    }
}

/// Reads a list page by page, until it or its limits end. `fetch` fetches the page at an offset.
pub(super) async fn read_all_pages<T: HasId, F: Future<Output = Result<ServerDated<Page<T>>, ApiError>>>(
    max_pages: u32,
    mut fetch: impl FnMut(u64) -> F,
) -> Listing<T> {
    let (mut tally, mut rows, mut date) = (PageTally::default(), Vec::new(), String::new());
    let until = Instant::now() + MAX_READING_TIME;
    let mut pages = 0;
    while !tally.is_ended() {
        if pages == max_pages || pages > 0 && Instant::now() >= until {
            tally.break_off(ListGap::TooMany);
            break;
        }
        pages += 1;
        match fetch(tally.received()).await {
            Ok(answer) => {
                if date.is_empty() {
                    date = answer.date;
                }
                rows.extend(tally.add_page(tally.received(), answer.value));
            }
            Err(failure) => tally.break_off(ListGap::Failed(failure)),
        }
    }
    Listing { rows, gap: tally.gap().cloned(), date }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::OrderRow;
    use rstest::rstest;
    use std::future::ready;

    fn page(ids: &[u64], total: u64) -> ServerDated<Page<OrderRow>> {
        let rows = ids.iter().map(|&id| OrderRow { id, ..OrderRow::default() }).collect();
        ServerDated {
            value: Page { rows, received: ids.len() as u64, total: Some(total), flaw: None },
            date: String::new(),
        }
    }

    /// Reads these pages of a list of six. Returns the list and the offset of each fetched page.
    async fn read(sent: &[&[u64]], most: u32) -> (Listing<OrderRow>, Vec<u64>) {
        let mut offsets = Vec::new();
        let listing = read_all_pages(most, |offset| {
            offsets.push(offset);
            ready(Ok(page(sent.get(offsets.len() - 1).unwrap_or(&&[][..]), 6)))
        });
        (listing.await, offsets)
    }

    #[rstest]
    #[case::whole(&[&[6, 5][..], &[4, 3], &[2, 1]], None, &[6, 5, 4, 3, 2, 1], &[0, 2, 4])]
    #[case::short_pages(&[&[6, 5][..], &[4], &[3, 2, 1]], None, &[6, 5, 4, 3, 2, 1], &[0, 2, 3])]
    #[case::an_early_end(&[&[6, 5][..], &[]], Some(ListGap::Miscounted { sent: 2, total: 6 }), &[6, 5], &[0, 2])]
    #[case::the_same_again(&[&[6, 5][..], &[6, 5]], Some(ListGap::Repeated), &[6, 5], &[0, 2])]
    #[tokio::test]
    async fn a_list_is_read_to_its_end_from_where_each_page_ended(
        #[case] sent: &[&[u64]],
        #[case] gap: Option<ListGap>,
        #[case] ids: &[u64],
        #[case] offsets: &[u64],
    ) {
        let (listing, asked) = read(sent, 10).await;
        assert_eq!(listing.rows.iter().map(|row| row.id).collect::<Vec<_>>(), ids);
        assert_eq!((listing.gap.clone(), listing.is_complete(), asked), (gap.clone(), gap.is_none(), offsets.to_vec()));
        assert_eq!(listing.ids(), ids.iter().copied().collect());
    }

    #[rstest]
    #[case(0, 0)]
    #[case(1, 2)]
    #[case(2, 4)]
    #[tokio::test]
    async fn there_is_a_limit_to_pages(#[case] most: u32, #[case] rows: usize) {
        let (listing, offsets) = read(&[&[6, 5], &[4, 3], &[2, 1]], most).await;
        assert_eq!((listing.gap, listing.rows.len()), (Some(ListGap::TooMany), rows));
        assert_eq!(offsets.len(), most as usize);
    }

    #[tokio::test]
    async fn a_failed_page_keeps_what_was_read_before() {
        let failure = ApiError::Refused { status: 403, errors: Vec::new(), excerpt: String::new() };
        let mut offsets = Vec::new();
        let listing = read_all_pages(100, |offset| {
            offsets.push(offset);
            let first = ServerDated { date: "today".into(), ..page(&[3, 2], 3) };
            ready(if offset > 0 { Err(failure.clone()) } else { Ok(first) })
        });
        let listing = listing.await;
        assert_eq!(offsets, [0, 2]);
        assert_eq!((listing.gap, listing.rows.len()), (Some(ListGap::Failed(failure)), 2));
        assert_eq!(listing.date, "today");
    }
}
