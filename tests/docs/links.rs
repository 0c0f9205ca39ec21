//! Links within the repository lead somewhere.

use super::pages;
use std::path::Path;

/// The targets of the Markdown links in a text that are paths.
fn paths(text: &str) -> Vec<&str> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        let targets = line
            .split("](")
            .skip(1)
            .filter_map(|it| it.split(')').next());
        found.extend(targets.filter(|it| !it.contains("://") && !it.starts_with('#')));
    }
    found
}

/// The links of a page that lead nowhere.
fn broken<'a>(folder: &Path, text: &'a str) -> Vec<&'a str> {
    let file = |link: &str| link.split('#').next().unwrap_or_default().to_owned();
    let mut links = paths(text);
    links.retain(|link| !folder.join(file(link)).exists());
    links
}

#[test]
fn no_page_has_a_broken_link() {
    let mut seen = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        let folder = page.parent().expect("a page stands in a folder");
        assert_eq!(broken(folder, &text), [""; 0], "{}", page.display());
        seen += paths(&text).len();
    }
    assert!(seen > 10, "only {seen} links were found");
}

#[test]
fn a_broken_link_is_found() {
    let text = "[a](README.md), [b](nowhere.md#there), [c](https://example.com)\n";
    assert_eq!(broken(super::root(), text), ["nowhere.md#there"]);
}
