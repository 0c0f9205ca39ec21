//! What a merge request waits for. Pure.

use model::{Bead, MergeRequest, Status};

/// A merge request with what decides over it.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The merge request.
    pub bead: &'a Bead,
    /// The bead whose work it is, if it is there.
    pub source: Option<&'a Bead>,
    /// This machine's host ID, if it has one yet.
    pub host: Option<&'a str>,
    /// The host that merges for all, if there is one.
    pub merger: Option<&'a str>,
    /// Those before it in the queue.
    pub ahead: &'a [Bead],
    /// What the refinery noted when it last looked at it.
    pub noted: Option<&'a str>,
}

impl Standing<'_> {
    /// What it waits for; each completes "it …".
    pub fn why(&self) -> Vec<String> {
        let Some(merge_request) = &self.bead.merge_request else {
            return Vec::new();
        };
        let reasons = [
            self.source_says(merge_request),
            self.host_says(merge_request),
            self.queue_says(merge_request),
        ];
        let mut reasons: Vec<String> = reasons.into_iter().flatten().collect();
        if reasons.is_empty() {
            reasons.push(match self.noted {
                Some(reason) => format!("was put off: {reason}"),
                None => "is next: the refinery has to run".to_owned(),
            });
        }
        reasons
    }

    fn source_says(&self, merge_request: &MergeRequest) -> Option<String> {
        let source = &merge_request.source;
        let Some(bead) = self.source else {
            return Some(format!("will not be merged: {source} is missing"));
        };
        let is_current = source.merge_request(bead.attempt) == self.bead.id;
        if !is_current {
            return Some(format!(
                "is superseded: {source} is at attempt {}",
                bead.attempt
            ));
        }
        (bead.status != Status::Completed)
            .then(|| format!("will not be merged while {source} is {}", bead.status))
    }

    fn host_says(&self, merge_request: &MergeRequest) -> Option<String> {
        let (host, who) = match self.merger {
            Some(host) => (host, "host"),
            None => (merge_request.host.as_str(), "the host that filed it,"),
        };
        (self.host != Some(host)).then(|| format!("is merged by {who} {host}"))
    }

    /// Only those that the same host merges, onto the same branch, go first.
    fn queue_says(&self, merge_request: &MergeRequest) -> Option<String> {
        let goes_first = |other: &&Bead| {
            other.merge_request.as_ref().is_some_and(|it| {
                let is_same = self.merger.is_some() || it.host == merge_request.host;
                is_same && it.target == merge_request.target
            })
        };
        let before: Vec<&Bead> = self.ahead.iter().filter(goes_first).collect();
        let next = before.first()?;
        Some(match before.len() {
            1 => format!("waits for {} before it", next.id),
            count => format!("waits for {count} before it, {} first", next.id),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Id, Kind, Time};

    fn time() -> Time {
        Time::parse("2026-01-15T00:00:00Z").unwrap()
    }

    fn source(status: &str, attempt: u32) -> Bead {
        let mut bead = Bead::new(Id::parse("gt-abc12").unwrap(), "Title", time(), "overseer");
        bead.status = Status::parse(status).unwrap();
        bead.attempt = attempt;
        bead
    }

    fn request(source: &str, attempt: u32) -> Bead {
        let source = Id::parse(source).unwrap();
        let mut bead = Bead::new(source.merge_request(attempt), "Title", time(), "overseer");
        bead.kind = Kind::merge_request();
        bead.merge_request = Some(MergeRequest {
            source,
            head: "0".repeat(40),
            target: "main".to_owned(),
            worker: "gastown/polecats/toast".to_owned(),
            host: "h-here".to_owned(),
            merge_commit: None,
            outcome: None,
            gates: Vec::new(),
        });
        bead
    }

    fn why(source: Option<&Bead>, host: &str, ahead: &[Bead]) -> Vec<String> {
        why_with(None, source, host, ahead)
    }

    fn why_with(
        merger: Option<&str>,
        source: Option<&Bead>,
        host: &str,
        ahead: &[Bead],
    ) -> Vec<String> {
        let bead = request("gt-abc12", 2);
        let standing = Standing {
            bead: &bead,
            source,
            host: Some(host),
            merger,
            ahead,
            noted: None,
        };
        standing.why()
    }

    #[test]
    fn each_reason_is_said() {
        let good = source("completed", 2);
        let here = |bead: &Bead| why(Some(bead), "h-here", &[]);
        assert_eq!(here(&good), ["is next: the refinery has to run"]);
        assert_eq!(
            here(&source("completed", 3)),
            ["is superseded: gt-abc12 is at attempt 3"]
        );
        assert_eq!(
            here(&source("open", 2)),
            ["will not be merged while gt-abc12 is open"]
        );
        assert_eq!(
            why(None, "h-here", &[]),
            ["will not be merged: gt-abc12 is missing"]
        );
        assert_eq!(
            why(Some(&good), "h-there", &[]),
            ["is merged by the host that filed it, h-here"]
        );
        let for_all = |host| why_with(Some("h-all"), Some(&good), host, &[]);
        assert_eq!(for_all("h-here"), ["is merged by host h-all"]);
        assert_eq!(for_all("h-all"), ["is next: the refinery has to run"]);
    }

    #[test]
    fn what_the_refinery_noted_is_said() {
        let (bead, source) = (request("gt-abc12", 2), source("completed", 2));
        let standing = Standing {
            bead: &bead,
            source: Some(&source),
            host: Some("h-here"),
            merger: None,
            ahead: &[],
            noted: Some("a.txt has edits"),
        };
        assert_eq!(standing.why(), ["was put off: a.txt has edits"]);
    }

    #[test]
    fn only_the_same_line_goes_first() {
        let good = source("completed", 2);
        let mut elsewhere = request("gt-bbb", 1);
        if let Some(it) = &mut elsewhere.merge_request {
            it.target = "release".to_owned();
        }
        assert_eq!(
            why(Some(&good), "h-here", &[elsewhere.clone()]),
            ["is next: the refinery has to run"]
        );
        assert_eq!(
            why(Some(&good), "h-here", &[elsewhere, request("gt-ccc", 1)]),
            ["waits for gt-mr-ccc.1 before it"]
        );
    }
}
