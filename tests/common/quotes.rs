//! Quotes of texts that are not to be shown, each held to the text that it is from.
//!
//! That a quote is absent is true for ever once its text has other words. So such a quote names its text too, and fails
//! where the two no longer agree.

use std::sync::LazyLock;
use zegel::i18n::{Language, Translations};

static ENGLISH: LazyLock<Translations> = LazyLock::new(|| Translations::load(Language::En).unwrap());

/// These words of the English text with this id.
#[track_caller]
pub(crate) fn quote<'a>(id: &str, words: &'a str) -> &'a str {
    let text = ENGLISH.find_text(id).unwrap_or_else(|| panic!("there is no text {id}"));
    assert!(text.contains(words), "{words:?} is not in {id}: {text:?}");
    words
}
