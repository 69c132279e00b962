//! Quotes of texts that must not be shown, each checked against its source.
//!
//! A test that a quote is absent passes for ever once the source text is reworded. Such a quote therefore names its
//! text too, and fails if the two no longer agree.

use std::sync::LazyLock;
use zegel::i18n::{Language, Translations};

static ENGLISH: LazyLock<Translations> = LazyLock::new(|| Translations::new(Language::En));

/// Returns these words, after a check that the English text with this id has them.
#[track_caller]
pub(crate) fn quote<'a>(id: &str, words: &'a str) -> &'a str {
    let text = ENGLISH.find_by_name(id).unwrap_or_else(|| panic!("there is no text {id}"));
    assert!(text.contains(words), "{words:?} is not in {id}: {text:?}");
    words
}
