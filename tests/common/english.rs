//! Whether a Dutch text has English in it.

/// Words that stand in many English sentences and in no Dutch one.
const WORDS: [&str; 22] = [
    "the", "not", "no", "it", "its", "and", "an", "cannot", "could", "by", "from", "with", "this", "that", "to", "on",
    "file", "row", "found", "signal", "system", "error",
];

/// The first English word of a text. The parts of a name, such as those of `ca_file`, are none.
pub(crate) fn english(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').find(|word| WORDS.contains(word))
}
