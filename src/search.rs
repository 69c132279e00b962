//! Search: the rows that have all words of a query, and if there are none, the rows that nearly have them.
//!
//! Texts are compared after [`text::fold`]. When rows are added or the query gets longer, only the difference is
//! searched. The callers decide what a row is, and how to show it.

use crate::text;
use memchr::memmem::Finder;
use std::collections::HashMap;
use std::sync::Arc;

/// The most near matches that are shown: one of them is meant, or none.
const MAX_NEAR_MATCHES: usize = 50;

/// The word lengths from which one typo, and from which two typos are allowed. Too many shorter words are similar.
const ALLOWED_TYPOS: [(usize, usize); 2] = [(4, 1), (8, 2)];

/// The search text of each row, in blocks that are shared with other indexes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchIndex {
    blocks: Vec<Arc<Vec<String>>>,
    /// The total number of rows up to the end of each block.
    ends: Vec<usize>,
}

impl SearchIndex {
    /// Adds the folded text of more rows. A row with several names has each on its own line.
    pub fn add_rows(&mut self, rows: Vec<String>) {
        if !rows.is_empty() {
            self.ends.push(self.len() + rows.len());
            self.blocks.push(Arc::new(rows));
        }
    }

    pub fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns the text of a row; "" if there is no such row.
    pub fn row_text(&self, row: usize) -> &str {
        let block = self.ends.partition_point(|end| *end <= row);
        let Some(rows) = self.blocks.get(block) else { return "" };
        &rows[rows.len() + row - self.ends[block]]
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().flat_map(|rows| rows.iter().map(String::as_str))
    }
}

impl From<Vec<String>> for SearchIndex {
    fn from(rows: Vec<String>) -> Self {
        let mut words = Self::default();
        words.add_rows(rows);
        words
    }
}

/// The rows that have all words of a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchResults {
    query: String,
    /// The number of rows that were searched.
    rows_seen: usize,
    /// Rows with a name that begins with the query come first. Otherwise "Nederland" would come after "Caribisch
    /// Nederland".
    name_start_rows: Vec<usize>,
    /// The other rows.
    other_rows: Vec<usize>,
}

impl SearchResults {
    /// Updates the results; it searches only what can have changed.
    pub fn refine_search(&mut self, words: &SearchIndex, typed: &str) {
        let query = text::fold(typed.trim());
        if words.len() < self.rows_seen || !query.starts_with(&self.query) {
            *self = Self::default();
        }
        let looks = PreparedQuery::new(&query);
        if self.query != query {
            // A row that matches the longer query matches the shorter one, and a name that begins with the longer one
            // begins with the shorter one.
            self.other_rows.retain(|row| looks.has_all_words(words.row_text(*row)));
            for row in std::mem::take(&mut self.name_start_rows) {
                self.insert_row(row, looks.match_level(words.row_text(row)));
            }
            self.other_rows.sort_unstable();
        }
        for (row, there) in (self.rows_seen..).zip(words.rows_from(self.rows_seen)) {
            self.insert_row(row, looks.match_level(there));
        }
        (self.query, self.rows_seen) = (query, words.len());
    }

    fn insert_row(&mut self, row: usize, has: MatchLevel) {
        match has {
            MatchLevel::NameStart => self.name_start_rows.push(row),
            MatchLevel::AllWords => self.other_rows.push(row),
            MatchLevel::NoMatch => {}
        }
    }

    /// Returns the rows; those with a name that begins with the query come first.
    pub fn rows(&self) -> impl Iterator<Item = usize> {
        self.name_start_rows.iter().chain(&self.other_rows).copied()
    }

    pub fn is_empty(&self) -> bool {
        self.name_start_rows.is_empty() && self.other_rows.is_empty()
    }
}

impl SearchIndex {
    /// Returns the texts of the rows from this one on.
    fn rows_from(&self, row: usize) -> impl Iterator<Item = &str> {
        let block = self.ends.partition_point(|end| *end <= row);
        let begin = block.checked_sub(1).map_or(0, |before| self.ends[before]);
        let rows = self.blocks[block..].iter().flat_map(|rows| rows.iter().map(String::as_str));
        rows.skip(row - begin)
    }
}

/// How well a row matches a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MatchLevel {
    /// A name begins with the query.
    NameStart,
    /// The row has all words of the query.
    AllWords,
    NoMatch,
}

/// A query that is prepared for a search in very many rows.
struct PreparedQuery<'a> {
    query: &'a str,
    words: Vec<Finder<'a>>,
    /// The query at the beginning of a line other than the first.
    line_start: Finder<'static>,
}

impl<'a> PreparedQuery<'a> {
    fn new(query: &'a str) -> Self {
        let line_start = Finder::new(&format!("\n{query}")).into_owned();
        Self { query, words: query.split_whitespace().map(Finder::new).collect(), line_start }
    }

    fn has_all_words(&self, there: &str) -> bool {
        self.words.iter().all(|word| word.find(there.as_bytes()).is_some())
    }

    fn match_level(&self, there: &str) -> MatchLevel {
        // Nearly all rows lack a word, and this is the fastest check.
        if !self.has_all_words(there) {
            MatchLevel::NoMatch
        } else if there.starts_with(self.query) || self.line_start.find(there.as_bytes()).is_some() {
            MatchLevel::NameStart
        } else {
            MatchLevel::AllWords
        }
    }
}

/// Returns the rows that have all words of a query within the allowed typos, the nearest first. It takes tens of
/// milliseconds for 100 000 rows.
pub fn find_near_matches(words: &SearchIndex, typed: &str) -> Vec<usize> {
    let query = text::fold(typed.trim());
    let mut wanted: Vec<FuzzyWord<'_>> = query.split_whitespace().map(FuzzyWord::new).collect();
    let mut near: Vec<(usize, usize, usize)> = Vec::new();
    for (row, there) in words.iter().enumerate() {
        let slips = wanted.iter_mut().map(|word| word.count_typos(there));
        if let Some(slips) = slips.sum::<Option<usize>>() {
            // Of two names with equally many typos, the shorter one has more of what was typed.
            near.push((slips, there.len(), row));
        }
    }
    near.sort_unstable();
    near.into_iter().take(MAX_NEAR_MATCHES).map(|(.., row)| row).collect()
}

/// A word of a query, with a cache of comparisons: names share most of their words.
struct FuzzyWord<'a> {
    word: &'a str,
    letters: usize,
    /// The most typos that are allowed in the word.
    max_typos: usize,
    letter_bits: u64,
    compared: HashMap<&'a str, Option<usize>>,
}

impl<'a> FuzzyWord<'a> {
    fn new(word: &'a str) -> Self {
        let letters = word.chars().count();
        let allowed = ALLOWED_TYPOS.iter().rev().find(|(length, _)| letters >= *length);
        // A number with a wrong digit is another number.
        let max_typos = allowed.filter(|_| !word.bytes().all(|b| b.is_ascii_digit())).map_or(0, |(_, most)| *most);
        Self { word, letters, max_typos, letter_bits: letter_bits(word), compared: HashMap::new() }
    }

    /// Returns the fewest typos to one of the words of a row; `None` if there are too many.
    fn count_typos<'b: 'a>(&mut self, there: &'b str) -> Option<usize> {
        if there.contains(self.word) {
            return Some(0);
        }
        let words = there.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.filter_map(|word| self.compare_word(word)).min()
    }

    fn compare_word<'b: 'a>(&mut self, there: &'b str) -> Option<usize> {
        // Each letter that is absent is a typo; this check is fast.
        if self.max_typos == 0 || (self.letter_bits & !letter_bits(there)).count_ones() as usize > self.max_typos {
            return None;
        }
        if let Some(known) = self.compared.get(there) {
            return *known;
        }
        let slips = self.prefix_distance(there);
        self.compared.insert(there, slips);
        slips
    }

    /// Returns the fewest typos to the beginning of a word: its rest may be typed later.
    fn prefix_distance(&self, there: &str) -> Option<usize> {
        let ends = there.char_indices().map(|(at, _)| at).chain([there.len()]).enumerate();
        let near = ends.filter(|(letters, _)| letters.abs_diff(self.letters) <= self.max_typos);
        let slips = near.map(|(_, end)| strsim::osa_distance(self.word, &there[..end])).min()?;
        (slips <= self.max_typos).then_some(slips)
    }
}

/// Returns the letters and digits of a word as a bit set; several characters share a bit.
fn letter_bits(word: &str) -> u64 {
    word.chars().fold(0, |signs, c| signs | 1 << (u32::from(c) % 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const ROWS: [&str; 6] = [
        "Gemeente Zilverdam\nZilverdam\n900001",
        "Waterschap Rijnbeemd\nRijnbeemd\n900002",
        "Stichting Súdwâld\nSúdwâld\n900003",
        "Caribisch Nederland",
        "Nederland",
        "Zorg\nZilverdam\n900011",
    ];

    fn words() -> SearchIndex {
        SearchIndex::from(ROWS.map(text::fold).to_vec())
    }

    fn found(words: &SearchIndex, query: &str) -> Vec<usize> {
        let mut found = SearchResults::default();
        found.refine_search(words, query);
        found.rows().collect()
    }

    #[rstest]
    #[case("", &[0, 1, 2, 3, 4, 5])]
    #[case("zilver", &[0, 5])]
    #[case("ZILVERDAM gem", &[0])]
    #[case("sudwald", &[2])]
    #[case("90000", &[0, 1, 2])]
    #[case("900011", &[5])]
    #[case("nederland", &[4, 3])]
    #[case("dam zorg", &[5])]
    #[case("utrecht", &[])]
    fn rows_are_found_by_their_words(#[case] query: &str, #[case] rows: &[usize]) {
        assert_eq!(found(&words(), query), rows);
    }

    #[rstest]
    #[case("zilvredam", &[5, 0])]
    #[case("zilverdan gemente", &[0])]
    #[case("zlver", &[5, 0])]
    #[case("nedreland", &[4, 3])]
    #[case("ryjnbeemd", &[1])]
    #[case("waterscahp", &[1])]
    #[case("sudwalt", &[2])]
    #[case("zxlvxrdxm", &[])]
    #[case("zor", &[5])]
    #[case("zro", &[])]
    #[case("900012", &[])]
    #[case("gemeent 900002", &[])]
    #[case("amsterdam", &[])]
    fn rows_are_found_despite_typing_errors(#[case] query: &str, #[case] rows: &[usize]) {
        assert_eq!(find_near_matches(&words(), query), rows);
    }

    #[test]
    fn a_row_is_found_again_by_its_number() {
        let mut words = words();
        words.add_rows(Vec::new());
        words.add_rows(vec!["seven".into(), "eight".into()]);
        assert_eq!(
            (words.len(), words.row_text(0), words.row_text(7), words.row_text(8)),
            (8, words.iter().next().unwrap(), "eight", "")
        );
        assert!((0..=8).all(|from| words.rows_from(from).eq(words.iter().skip(from))));
    }

    proptest! {
        /// The refined results are the same as those of a new search, after any sequence of steps.
        #[test]
        fn narrowing_equals_a_new_search(
            steps in prop::collection::vec((prop::collection::vec("[ab]{1,3}( |\n)?[ab]{0,3}", 0..4), "[ab ]{0,4}", any::<bool>()), 1..8),
        ) {
            let (mut words, mut known, mut query) = (SearchIndex::default(), SearchResults::default(), String::new());
            for (rows, typed, on) in steps {
                words.add_rows(rows);
                query = if on { query + &typed } else { typed };
                known.refine_search(&words, &query);
                let mut anew = SearchResults::default();
                anew.refine_search(&words, &query);
                prop_assert_eq!(&known, &anew);
                let wanted = query.trim().to_owned();
                let all = |row: &usize| wanted.split_whitespace().all(|word| words.row_text(*row).contains(word));
                let mut rows: Vec<usize> = known.rows().collect();
                rows.sort_unstable();
                prop_assert_eq!(rows, (0..words.len()).filter(all).collect::<Vec<_>>());
            }
        }
    }
}
