//! Finding rows by the words in them: all that have the words typed, and where none has, those that nearly do.
//!
//! Texts are compared as [`text::fold`] leaves them. A list that grows, and a query that is typed on, are narrowed by what
//! is new alone. What the rows are, and who shows them, is not known here.

use crate::text;
use memchr::memmem::Finder;
use std::collections::HashMap;
use std::sync::Arc;

/// So many rows that nearly have the words are shown: one of them is meant, or none.
const NEAR: usize = 50;

/// A word of so many letters may have a slip of the pen in it, and one of so many two. In a shorter one too much would
/// be nearly the same.
const SLIPS: [(usize, usize); 2] = [(4, 1), (8, 2)];

/// The words of each row, in blocks that are shared with whoever searches them elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    blocks: Vec<Arc<Vec<String>>>,
    /// Where each block ends.
    ends: Vec<usize>,
}

impl Words {
    /// Takes in the words of more rows, folded; what has several names has each on a line of its own.
    pub fn extend(&mut self, rows: Vec<String>) {
        if !rows.is_empty() {
            self.ends.push(self.len() + rows.len());
            self.blocks.push(Arc::new(rows));
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ends.last().copied().unwrap_or_default()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The words of a row; blank where there is no such row.
    pub fn get(&self, row: usize) -> &str {
        let block = self.ends.partition_point(|end| *end <= row);
        let Some(rows) = self.blocks.get(block) else { return "" };
        &rows[rows.len() + row - self.ends[block]]
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().flat_map(|rows| rows.iter().map(String::as_str))
    }
}

impl From<Vec<String>> for Words {
    fn from(rows: Vec<String>) -> Self {
        let mut words = Self::default();
        words.extend(rows);
        words
    }
}

/// The rows that have all words of a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    query: String,
    /// How many rows were looked at.
    seen: usize,
    /// Those in which a name begins with the query, or "Nederland" would come after "Caribisch Nederland".
    first: Vec<usize>,
    /// The others.
    others: Vec<usize>,
}

impl Found {
    /// Finds anew, looking only at what can have changed.
    pub fn narrow(&mut self, words: &Words, typed: &str) {
        let query = text::fold(typed.trim());
        if words.len() < self.seen || !query.starts_with(&self.query) {
            *self = Self::default();
        }
        let looks = Looks::of(&query);
        if self.query != query {
            // Whoever has the longer query has the shorter one, and whoever begins with it began with that.
            self.others.retain(|row| looks.has_all(words.get(*row)));
            for row in std::mem::take(&mut self.first) {
                self.sort_in(row, looks.judge(words.get(row)));
            }
            self.others.sort_unstable();
        }
        for (row, there) in (self.seen..).zip(words.after(self.seen)) {
            self.sort_in(row, looks.judge(there));
        }
        (self.query, self.seen) = (query, words.len());
    }

    fn sort_in(&mut self, row: usize, has: Has) {
        match has {
            Has::First => self.first.push(row),
            Has::All => self.others.push(row),
            Has::Less => {}
        }
    }

    /// The rows, those first in which a name begins with the query.
    pub fn rows(&self) -> impl Iterator<Item = usize> {
        self.first.iter().chain(&self.others).copied()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty() && self.others.is_empty()
    }
}

impl Words {
    /// The words of the rows from this one on.
    fn after(&self, row: usize) -> impl Iterator<Item = &str> {
        let block = self.ends.partition_point(|end| *end <= row);
        let begin = block.checked_sub(1).map_or(0, |before| self.ends[before]);
        let rows = self.blocks[block..].iter().flat_map(|rows| rows.iter().map(String::as_str));
        rows.skip(row - begin)
    }
}

/// What a row has of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Has {
    /// A name that begins with it.
    First,
    /// All its words.
    All,
    /// Less than that.
    Less,
}

/// A query, made ready to be looked for in very many rows.
struct Looks<'a> {
    query: &'a str,
    words: Vec<Finder<'a>>,
    /// The query at the beginning of a line that is not the first.
    begins: Finder<'static>,
}

impl<'a> Looks<'a> {
    fn of(query: &'a str) -> Self {
        let begins = Finder::new(&format!("\n{query}")).into_owned();
        Self { query, words: query.split_whitespace().map(Finder::new).collect(), begins }
    }

    fn has_all(&self, there: &str) -> bool {
        self.words.iter().all(|word| word.find(there.as_bytes()).is_some())
    }

    fn judge(&self, there: &str) -> Has {
        // Nearly all rows have less, and that is told soonest by the words.
        if !self.has_all(there) {
            Has::Less
        } else if there.starts_with(self.query) || self.begins.find(there.as_bytes()).is_some() {
            Has::First
        } else {
            Has::All
        }
    }
}

/// The rows that have all words of a query but for a slip of the pen or two, the nearest first. It takes tens of
/// milliseconds for 100 000 rows.
pub fn near(words: &Words, typed: &str) -> Vec<usize> {
    let query = text::fold(typed.trim());
    let mut wanted: Vec<Wanted<'_>> = query.split_whitespace().map(Wanted::new).collect();
    let mut near: Vec<(usize, usize, usize)> = Vec::new();
    for (row, there) in words.iter().enumerate() {
        let slips = wanted.iter_mut().map(|word| word.slips(there));
        if let Some(slips) = slips.sum::<Option<usize>>() {
            // Of two names that have it the shorter one is more of what was typed.
            near.push((slips, there.len(), row));
        }
    }
    near.sort_unstable();
    near.into_iter().take(NEAR).map(|(.., row)| row).collect()
}

/// A word that is looked for. What it was compared with is not compared again: names share most of their words.
struct Wanted<'a> {
    word: &'a str,
    letters: usize,
    /// How many slips of the pen may be in it.
    most: usize,
    signs: u64,
    compared: HashMap<&'a str, Option<usize>>,
}

impl<'a> Wanted<'a> {
    fn new(word: &'a str) -> Self {
        let letters = word.chars().count();
        let allowed = SLIPS.iter().rev().find(|(length, _)| letters >= *length);
        // A number of which a digit is wrong is another number.
        let most = allowed.filter(|_| !word.bytes().all(|b| b.is_ascii_digit())).map_or(0, |(_, most)| *most);
        Self { word, letters, most, signs: signs(word), compared: HashMap::new() }
    }

    /// How many slips it takes to be one of the words that are there; nothing where it takes too many.
    fn slips<'b: 'a>(&mut self, there: &'b str) -> Option<usize> {
        if there.contains(self.word) {
            return Some(0);
        }
        let words = there.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.filter_map(|word| self.compare(word)).min()
    }

    fn compare<'b: 'a>(&mut self, there: &'b str) -> Option<usize> {
        // A letter that is not there at all is a slip each, and that is told at once.
        if self.most == 0 || (self.signs & !signs(there)).count_ones() as usize > self.most {
            return None;
        }
        if let Some(known) = self.compared.get(there) {
            return *known;
        }
        let slips = self.distance(there);
        self.compared.insert(there, slips);
        slips
    }

    /// The fewest slips to the beginning of a word: the rest of it may be typed later.
    fn distance(&self, there: &str) -> Option<usize> {
        let ends = there.char_indices().map(|(at, _)| at).chain([there.len()]).enumerate();
        let near = ends.filter(|(letters, _)| letters.abs_diff(self.letters) <= self.most);
        let slips = near.map(|(_, end)| strsim::osa_distance(self.word, &there[..end])).min()?;
        (slips <= self.most).then_some(slips)
    }
}

/// Which letters and digits are in a word, a bit for each of some.
fn signs(word: &str) -> u64 {
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

    fn words() -> Words {
        Words::from(ROWS.map(text::fold).to_vec())
    }

    fn found(words: &Words, query: &str) -> Vec<usize> {
        let mut found = Found::default();
        found.narrow(words, query);
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
    fn rows_are_found_that_nearly_have_them(#[case] query: &str, #[case] rows: &[usize]) {
        assert_eq!(near(&words(), query), rows);
    }

    #[test]
    fn a_row_is_found_again_by_its_number() {
        let mut words = words();
        words.extend(Vec::new());
        words.extend(vec!["seven".into(), "eight".into()]);
        assert_eq!(
            (words.len(), words.get(0), words.get(7), words.get(8)),
            (8, words.iter().next().unwrap(), "eight", "")
        );
        assert!((0..=8).all(|from| words.after(from).eq(words.iter().skip(from))));
    }

    proptest! {
        /// However it came about, what is found is what a search of everything finds.
        #[test]
        fn narrowing_finds_what_searching_finds(
            steps in prop::collection::vec((prop::collection::vec("[ab]{1,3}( |\n)?[ab]{0,3}", 0..4), "[ab ]{0,4}", any::<bool>()), 1..8),
        ) {
            let (mut words, mut known, mut query) = (Words::default(), Found::default(), String::new());
            for (rows, typed, on) in steps {
                words.extend(rows);
                query = if on { query + &typed } else { typed };
                known.narrow(&words, &query);
                let mut anew = Found::default();
                anew.narrow(&words, &query);
                prop_assert_eq!(&known, &anew);
                let wanted = query.trim().to_owned();
                let all = |row: &usize| wanted.split_whitespace().all(|word| words.get(*row).contains(word));
                let mut rows: Vec<usize> = known.rows().collect();
                rows.sort_unstable();
                prop_assert_eq!(rows, (0..words.len()).filter(all).collect::<Vec<_>>());
            }
        }
    }
}
