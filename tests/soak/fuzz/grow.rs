//! How inputs are grown: a file of the corpus, changed in some places, with pieces that have a meaning for the target.
//!
//! Most changes span from one delimiter to another, such as a quotation mark or a line end, so that well-formed input
//! often stays so and passes the first check. This module knows no target.

use bolero::{TypeGenerator, ValueGenerator, produce};
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long inputs are grown for a target, unless `BOLERO_RANDOM_TEST_TIME_MS` sets another time.
pub(crate) const SHORT: Duration = Duration::from_millis(300);
pub(crate) const LONG: Duration = Duration::from_secs(30);

/// The most changes: with more of them hardly any input passes the first check.
const MOST: usize = 5;

/// The most bytes of an input.
const LARGEST: usize = 1 << 16;

/// A change. The kind decides the meaning of its numbers; positions are taken modulo the length.
#[derive(Debug, Clone, TypeGenerator)]
struct Edit {
    kind: u8,
    at: u16,
    length: u8,
    piece: u16,
    from: u16,
}

/// The file of the corpus, and the changes to it.
#[derive(Debug, Clone, TypeGenerator)]
struct Plan {
    file: u16,
    #[generator(produce::<Vec<Edit>>().with().len(0_usize..=MOST))]
    edits: Vec<Edit>,
}

/// An input. It is printed as in a byte string.
pub(crate) struct Input(Vec<u8>);

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// The files and pieces from which a target grows its inputs.
struct Soil {
    files: Vec<(PathBuf, Vec<u8>)>,
    pieces: Vec<Vec<u8>>,
}

impl Soil {
    fn of(target: &str, pieces: Vec<Vec<u8>>) -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(target);
        let paths = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = paths.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
        files.sort();
        assert!(!files.is_empty(), "no corpus in {}", folder.display());
        Self { files, pieces }
    }

    fn grow(&self, plan: &Plan) -> Input {
        let mut text = self.file(plan.file.into()).to_vec();
        for edit in &plan.edits {
            self.edit(&mut text, edit);
            text.truncate(LARGEST);
        }
        Input(text)
    }

    fn file(&self, which: usize) -> &[u8] {
        &self.files[which % self.files.len()].1
    }

    fn piece(&self, which: u16) -> Vec<u8> {
        self.pieces[usize::from(which) % self.pieces.len()].clone()
    }

    fn edit(&self, text: &mut Vec<u8>, &Edit { kind, at, length, piece, from }: &Edit) {
        let (here, there) = (bound(text, at.into()), span(text, at, length % 40));
        match kind {
            0..90 => drop(text.splice(here..here, self.piece(piece))),
            90..170 => drop(text.splice(there, self.piece(piece))),
            170..220 => {
                let other = self.file(piece.into());
                text.splice(here..here, other[span(other, from, length)].iter().copied());
            }
            220..236 => drop(text.drain(there)),
            236..250 => repeat(text, there, usize::from(from % 5)),
            250 => repeat(text, there, from.into()),
            251..254 => {
                let length = text.len().max(1);
                text.get_mut(usize::from(at) % length).into_iter().for_each(|place| *place = from.to_le_bytes()[0]);
            }
            _ => text.truncate(usize::from(at) % (text.len() + 1)),
        }
    }
}

/// Repeats a span this many times.
fn repeat(text: &mut Vec<u8>, span: Range<usize>, times: usize) {
    let again = text[span.clone()].repeat(times.min(LARGEST / span.len().max(1)));
    text.splice(span.end..span.end, again);
}

/// Returns the first delimiter from a position on.
fn bound(text: &[u8], at: usize) -> usize {
    let at = at % (text.len() + 1);
    let is_bound = |byte: &u8| b"{}[],:\"\n ".contains(byte);
    text[at..].iter().position(is_bound).map_or(text.len(), |further| at + further)
}

/// Returns the span between two delimiters. One that begins on a delimiter extends to the next.
fn span(text: &[u8], at: u16, length: u8) -> Range<usize> {
    let from = bound(text, at.into());
    let end = if from == text.len() { from } else { bound(text, (from + 1 + usize::from(length)).min(text.len())) };
    from..end.max(from)
}

/// Runs a target. It returns for each input whether that passed the first check; enough inputs must.
pub(crate) fn fuzz(name: &str, time: Duration, pieces: Vec<Vec<u8>>, target: fn(&[u8]) -> bool) {
    let soil = Soil::of(name, pieces);
    for (path, text) in &soil.files {
        println!("{}", path.display());
        target(text);
    }
    let (all, deep) = (AtomicU64::new(0), AtomicU64::new(0));
    bolero::check!(name = name)
        .with_test_time(time)
        .with_generator(produce::<Plan>().map_gen(|plan| soil.grow(&plan)))
        .for_each(|input: &Input| {
            all.fetch_add(1, Ordering::Relaxed);
            deep.fetch_add(target(&input.0).into(), Ordering::Relaxed);
        });
    let (all, deep) = (all.into_inner(), deep.into_inner());
    println!("{name}: {all} inputs, {deep} of them past the first check");
    assert!(all < 100 || deep * 20 >= all, "{deep} of {all} inputs got past the first check");
}

/// Returns texts as pieces.
pub(crate) fn pieces(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
