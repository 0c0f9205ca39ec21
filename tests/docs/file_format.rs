//! The examples of `docs/file-format.md` are, byte for byte, what is written.

use super::configuration::blocks;
use super::root;
use model::{Bead, Comment, Convoy, Hook, Mail, Record, RigConfig};
use store::yaml::Document;

#[track_caller]
fn is_canonical<R: Record>(text: &str) {
    let document = Document::<R>::parse(text).unwrap_or_else(|flaw| panic!("{flaw}:\n{text}"));
    assert_eq!(Document::render(&document.record), text);
}

#[test]
fn every_example_is_canonical() {
    let page = std::fs::read_to_string(root().join("docs/file-format.md")).unwrap();
    let blocks = blocks(&page);
    assert_eq!(
        blocks.len(),
        7,
        "a kind of file has no example, or is not checked here"
    );
    is_canonical::<Bead>(&blocks[0]);
    is_canonical::<Hook>(&blocks[1]);
    is_canonical::<Convoy>(&blocks[2]);
    is_canonical::<Comment>(&blocks[3]);
    is_canonical::<Bead>(&blocks[4]);
    is_canonical::<Mail>(&blocks[5]);
    is_canonical::<RigConfig>(&blocks[6]);
}
