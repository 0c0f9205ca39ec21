//! Generators of everything that has a file.

use model::config::{MergeConfig, Strategy as MergeStrategy};
use model::{
    Address, Bead, Comment, Convoy, ConvoyBead, ConvoyStatus, Dependency, DependencyType,
    GateResult, Hook, Id, Kind, Mail, MergeRequest, Outcome, Parked, Priority, RigConfig,
    SessionKind, Status, Ticket, Time, Value, text,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

type Entries = Vec<(String, Value)>;

pub(crate) fn id() -> impl Strategy<Value = Id> {
    "[a-z]{1,4}(-[a-zA-Z0-9_]{1,5}){1,2}(\\.[a-z0-9]{1,3}){0,3}"
        .prop_map(|text| Id::parse(&text).expect("the pattern is the grammar"))
}

pub(crate) fn address() -> impl Strategy<Value = Address> {
    let rig = || "[a-z]{3}[0-9]";
    prop_oneof![
        Just("mayor".to_owned()),
        Just("overseer".to_owned()),
        rig().prop_map(|name| format!("deacon/dogs/{name}")),
        (rig(), rig()).prop_map(|(rig, name)| format!("{rig}/polecats/{name}")),
        (rig(), rig()).prop_map(|(rig, name)| format!("{rig}/crew/{name}")),
        rig().prop_map(|rig| format!("{rig}/refinery")),
    ]
    .prop_map(|text| Address::parse(&text).expect("the forms are the grammar"))
}

pub(crate) fn time() -> impl Strategy<Value = Time> {
    "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|2[0-8])(T[01][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-]0[0-9]:30))?"
        .prop_map(|text| Time::parse(&text).expect("the pattern is RFC 3339 or a date"))
}

pub(crate) fn status() -> impl Strategy<Value = Status> {
    let names = [
        "open",
        "hooked",
        "in_progress",
        "escalated",
        "deferred",
        "completed",
        "closed",
        "blocked",
        "pinned",
        "tombstone",
        "review",
    ];
    proptest::sample::select(names.to_vec())
        .prop_map(|name| Status::parse(name).expect("all of them are states"))
}

pub(crate) fn dependency_type() -> impl Strategy<Value = DependencyType> {
    let names = [
        "blocks",
        "conditional-blocks",
        "waits-for",
        "parent-child",
        "related",
    ];
    proptest::sample::select(names.to_vec())
        .prop_map(|name| DependencyType::parse(name).expect("all of them are types"))
}

fn prose() -> impl Strategy<Value = Option<String>> {
    option::of(prop_oneof![any::<String>(), "([ -~]{0,9}\n){0,3}"])
}

fn title() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| {
        let line: String = text
            .split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
            .collect();
        let title = format!("t{line}");
        assert!(text::check_title(&title).is_ok());
        title
    })
}

fn priority() -> impl Strategy<Value = Priority> {
    "[0-4]".prop_map(|text| Priority::parse(&text).expect("0 to 4 are priorities"))
}

fn kind() -> impl Strategy<Value = Kind> {
    "(task|bug|epic|gate|merge-request|[a-z][a-z0-9_-]{0,8})"
        .prop_map(|text| Kind::parse(&text).expect("the pattern is the grammar"))
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        (-1e9..1e9).prop_map(Value::Float),
        any::<String>().prop_map(Value::Str),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::List),
            vec((any::<String>(), inner), 0..4).prop_map(Value::Map),
        ]
    })
}

/// Keys that no build knows.
fn unknown() -> impl Strategy<Value = Entries> {
    vec(("x_.{0,6}", value()), 0..3)
}

fn dependency() -> impl Strategy<Value = Dependency> {
    (id(), dependency_type(), unknown()).prop_map(|(id, kind, extra)| Dependency {
        id,
        kind,
        extra,
    })
}

prop_compose! {
    fn gate_result()(
        name in any::<String>(), exit in option::of(any::<i64>()), seconds in any::<i64>(),
        log in prose(),
    ) -> GateResult {
        GateResult { name, exit, seconds, log }
    }
}

fn outcome() -> impl Strategy<Value = Option<Outcome>> {
    option::of(proptest::sample::select(vec![
        Outcome::Merged,
        Outcome::Conflict,
        Outcome::Red,
        Outcome::Superseded,
        Outcome::Rejected,
    ]))
}

prop_compose! {
    fn merge_request()(
        source in id(), [head, target, worker, host] in any::<[String; 4]>(),
        merge_commit in prose(), outcome in outcome(), gates in vec(gate_result(), 0..3),
    ) -> MergeRequest {
        MergeRequest { source, head, target, worker, host, merge_commit, outcome, gates }
    }
}

prop_compose! {
    /// A bead without the prose that [`bead`] adds.
    fn bare_bead()(
        (id, title, kind, status, priority) in (id(), title(), kind(), status(), priority()),
        (assignee, attempt, parent) in (prose(), any::<u32>(), option::of(id())),
        labels in vec(any::<String>(), 0..4), dependencies in vec(dependency(), 0..4),
        times in vec(option::of(time()), 4), merge_request in option::of(merge_request()),
        (metadata, extra) in (vec((any::<String>(), value()), 0..3), unknown()),
        (created_at, created_by) in (time(), any::<String>()),
    ) -> Bead {
        let mut bead = Bead::new(id, title, created_at, created_by);
        let mut times = times.into_iter();
        let mut next = || times.next().flatten();
        (bead.started_at, bead.closed_at) = (next(), next());
        (bead.defer_until, bead.due_at) = (next(), next());
        bead.merge_request = merge_request.filter(|_| kind == Kind::merge_request());
        (bead.kind, bead.status, bead.priority) = (kind, status, priority);
        (bead.assignee, bead.attempt, bead.parent) = (assignee, attempt, parent);
        (bead.metadata, bead.extra) = (metadata, extra);
        for label in labels {
            bead.add_label(&label);
        }
        for dependency in dependencies {
            bead.add_dependency(dependency);
        }
        bead
    }
}

prop_compose! {
    pub(crate) fn bead()(
        mut bead in bare_bead(), texts in vec(prose(), 7),
    ) -> Bead {
        let mut texts = texts.into_iter().flatten();
        bead.branch = texts.next();
        bead.close_reason = texts.next();
        bead.description = texts.next();
        bead.design = texts.next();
        bead.acceptance_criteria = texts.next();
        bead.notes = texts.next();
        bead.external_ref = texts.next();
        bead
    }
}

prop_compose! {
    pub(crate) fn comment()(
        bead in id(), author in any::<String>(), text in any::<String>(), extra in unknown(),
        created_at in time(),
    ) -> Comment {
        Comment { bead, author, text, extra, created_at }
    }
}

prop_compose! {
    fn parked()(
        on in id(), reason in any::<String>(), note in prose(), since in time(),
    ) -> Parked {
        Parked { on, reason, note, since }
    }
}

prop_compose! {
    pub(crate) fn hook()(
        (agent, bead, title, attempt) in (address(), id(), any::<String>(), any::<u32>()),
        [nonce, host, hooked_by] in any::<[String; 3]>(),
        (runtime, branch, target) in (prose(), prose(), prose()),
        (instructions, what_to_do, step) in (prose(), prose(), prose()),
        (molecule, parked) in (option::of(id()), option::of(parked())),
        (hooked_at, extra) in (time(), unknown()),
    ) -> Hook {
        Hook {
            agent, bead, title, attempt, nonce, host, runtime, branch, target, instructions,
            molecule, what_to_do, step, parked, hooked_at, hooked_by, extra,
        }
    }
}

prop_compose! {
    fn convoy_bead()(
        id in id(), title in any::<String>(), status in status(), extra in unknown(),
    ) -> ConvoyBead {
        ConvoyBead { id, title, status, extra }
    }
}

prop_compose! {
    pub(crate) fn convoy()(
        (id, title, priority, closed) in (id(), any::<String>(), priority(), any::<bool>()),
        (owner, close_reason, description) in (prose(), prose(), prose()),
        (closed_at, created_at) in (option::of(time()), time()),
        beads in vec(convoy_bead(), 0..4), extra in unknown(),
    ) -> Convoy {
        let status = if closed { ConvoyStatus::Closed } else { ConvoyStatus::Open };
        Convoy {
            id, title, status, priority, owner, closed_at, close_reason, description, beads,
            extra, created_at,
        }
    }
}

prop_compose! {
    pub(crate) fn mail()(
        from in any::<String>(), to in address(), subject in any::<String>(),
        priority in priority(), created_at in time(), thread in prose(), body in prose(),
        extra in unknown(),
    ) -> Mail {
        Mail { from, to, subject, priority, created_at, thread, body, extra }
    }
}

fn session_kind() -> impl Strategy<Value = Option<SessionKind>> {
    prop_oneof![
        Just(None),
        Just(Some(SessionKind::Process)),
        Just(Some(SessionKind::Tmux)),
    ]
}

prop_compose! {
    pub(crate) fn ticket()(
        (agent, bead, attempt, spawn) in (address(), id(), any::<u32>(), any::<bool>()),
        [nonce, hash, hook, minted_by] in any::<[String; 4]>(),
        (worktree, branch, base, tip) in (prose(), prose(), prose(), prose()),
        (minted_at, extra, session, ends_as) in
            (time(), unknown(), session_kind(), prop::option::of(status())),
    ) -> Ticket {
        Ticket {
            agent, bead, attempt, nonce, hash, worktree, branch, base, tip, spawn, session, hook, extra,
            ends_as, minted_at, minted_by,
        }
    }
}

prop_compose! {
    pub(crate) fn rig_config()(
        name in "[a-z]{3}[0-9_-]{0,3}", prefix in "[a-z]{1,4}(-[a-z0-9]{1,3}){0,2}",
        [target, remote] in any::<[String; 2]>(), max_polecats in any::<u32>(),
        (squash, require_gate) in any::<(bool, bool)>(), extra in unknown(),
    ) -> RigConfig {
        let strategy = if squash { MergeStrategy::Squash } else { MergeStrategy::Merge };
        let merge = MergeConfig { strategy, require_gate };
        let audit_commit = "never".to_owned();
        RigConfig { name, prefix, target, remote, max_polecats, merge, audit_commit, extra }
    }
}
