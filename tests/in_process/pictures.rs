//! The pictures of the documentation equal what the program draws now, and are valid XML.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use crate::common::pictures::{escaped, pictures};
use std::path::Path;

/// With this variable set, the pictures are drawn again instead of compared.
const UPDATE: &str = "ZEGEL_UPDATE_PICTURES";

/// The command that draws every picture again.
const COMMAND: &str = "ZEGEL_UPDATE_PICTURES=1 cargo test --test in_process pictures";

#[test]
fn each_picture_shows_the_present_screen() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<String> = std::fs::read_dir(root.join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "svg"))
        .map(|path| format!("docs/{}", path.file_name().unwrap().to_str().unwrap()))
        .collect();
    files.sort();
    let pictures = pictures();
    if std::env::var_os(UPDATE).is_some() {
        for (path, svg) in &pictures {
            std::fs::write(root.join(path), svg).unwrap();
        }
        return;
    }
    assert_eq!(files, pictures.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>());
    for (path, svg) in pictures {
        let kept = std::fs::read_to_string(root.join(&path)).unwrap();
        assert!(kept == svg, "{path} is not what the program draws now. Renew it: {COMMAND}");
    }
}

#[test]
fn the_documents_link_each_picture_and_name_the_update_command() {
    let english = include_str!("../../README.md");
    let dutch = include_str!("../../README.nl.md");
    for (path, _) in pictures() {
        let readme = if path.ends_with(".nl.svg") { dutch } else { english };
        assert!(readme.contains(&format!("]({path})")), "{path}");
    }
    assert!(include_str!("../../CONTRIBUTING.md").contains(COMMAND));
}

/// Returns the text between tags, with the entities resolved.
fn texts(svg: &str) -> Vec<String> {
    let lines = svg.lines().filter_map(|line| line.strip_prefix("<text ")?.strip_suffix("</text>"));
    let inner = lines.map(|line| line.split_once('>').unwrap().1.to_owned());
    let plain = |text: String| text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    inner.map(|text| plain(text).replace("&amp;", "&")).collect()
}

#[test]
fn picture_letters_are_readable_text() {
    for (path, svg) in pictures() {
        let texts = texts(&svg);
        assert!(texts.iter().any(|text| text.starts_with("zegel · PKIo")), "{path}: {texts:?}");
        assert!(texts.iter().any(|text| text.contains("900001")), "{path}: {texts:?}");
        let quotes = texts.iter().any(|text| text == "\"organization\"" || text.starts_with("\"organization"));
        assert_eq!(quotes, path.contains("review"), "{path}: {texts:?}");
    }
}

#[test]
fn xml_characters_are_escaped() {
    assert_eq!(escaped("<a href=\"x\">&amp;"), "&lt;a href=&quot;x&quot;&gt;&amp;amp;");
    for (path, svg) in pictures() {
        let body = svg.split_once("</style>").unwrap().1;
        assert_eq!(body.matches('<').count(), body.matches('>').count(), "{path}");
        assert!(
            body.split('&').skip(1).all(|rest| ["amp;", "lt;", "gt;", "quot;"].iter().any(|e| rest.starts_with(e)))
        );
        assert!(svg.chars().all(|c| c == '\n' || !c.is_control()), "{path}");
    }
}
