//! What failed is tried again, and what nobody tells of is found by the round.

use super::*;
use crate::gt::life::support::*;

#[test]
fn convoys_that_could_not_be_brought_up_to_date_are_tried_again() {
    let town = rig("hang");
    bead(&town, "gt-one", "Work");
    let made = town.gt(&["convoy", "create", "Batch", "gt-one", "--json"]);
    let convoy = made.ok().json()["id"].as_str().unwrap().to_owned();
    let folder = town.git_dir().join("plaintown/locks");
    let lock = fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .find(|path| path.to_string_lossy().contains("/convoy-"))
        .unwrap();
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    let path = ".beads/beads/o/gt-one.yaml";
    let closed = town.read(path).replace("status: open", "status: closed");
    town.write(
        path,
        &closed.replace("closed_at: null", "closed_at: 2026-01-15T10:40:58Z"),
    );
    town.gt(&["up"]).ok();
    let says = |it: &Value| it["what"].as_str().unwrap().starts_with("convoys: ");
    let told = || {
        events(&town, "problem")
            .iter()
            .filter(|it| says(it))
            .count()
    };
    town.wait_until(LONG, || told() == 1);
    fs::remove_dir(&lock).unwrap();
    let text = || town.read(format!(".beads/convoys/{convoy}.yaml"));
    town.wait_until(LONG, || text().contains("status: closed"));
    assert_eq!(told(), 1, "once");
}

#[test]
fn what_a_killed_refinery_left_is_found_by_the_round() {
    let town = watched("hang", &["poll: true"]);
    let folder = town.git_dir().join("plaintown/refinery");
    fs::create_dir_all(&folder).unwrap();
    // The first may be found by what the watcher does when it begins.
    for _ in 0..3 {
        let mark = folder.join("running");
        fs::write(&mark, "").unwrap();
        town.wait_until(LONG, || !mark.exists());
    }
}
