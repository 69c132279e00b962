//! Finds English words in Dutch texts.

/// Words that are common in English sentences and absent from Dutch ones.
const WORDS: [&str; 22] = [
    "the", "not", "no", "it", "its", "and", "an", "cannot", "could", "by", "from", "with", "this", "that", "to", "on",
    "file", "row", "found", "signal", "system", "error",
];

/// Returns the first English word of a text. Parts of a name, such as those of `ca_file`, do not count.
pub(crate) fn english(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').find(|word| WORDS.contains(word))
}
