//! What a bead says of its escalation: one map under the key `escalation`.
//!
//! Pure. Parts that another build wrote and this one does not know are lost
//! only when the bead is escalated anew.

use super::{Escalation, Severity};
use model::{Bead, Time, Value};

const KEY: &str = "escalation";

/// An escalation, from the question to the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// How urgent it is.
    pub severity: Severity,
    /// What has to be decided.
    pub reason: String,
    /// Who asked.
    pub by: String,
    /// When.
    pub at: Time,
    /// Who saw it first.
    pub acknowledged_by: Option<String>,
    /// When that was.
    pub acknowledged_at: Option<Time>,
    /// Who answered.
    pub resolved_by: Option<String>,
    /// When that was.
    pub resolved_at: Option<Time>,
}

impl Record {
    /// A new one.
    pub(super) fn new(escalation: &Escalation, now: &Time) -> Self {
        Self {
            severity: escalation.severity,
            reason: escalation.reason.clone(),
            by: escalation.by.clone(),
            at: now.clone(),
            acknowledged_by: None,
            acknowledged_at: None,
            resolved_by: None,
            resolved_at: None,
        }
    }

    /// What is known of an escalation that came without words.
    pub(super) fn unknown(bead: &Bead) -> Self {
        let escalation = Escalation {
            by: bead
                .assignee
                .clone()
                .unwrap_or_else(|| "unknown".to_owned()),
            severity: Severity::default(),
            reason: "it says no reason".to_owned(),
            fence: None,
        };
        Self::new(&escalation, bead.newest_time())
    }

    /// What a bead says, if it was ever escalated.
    pub fn of(bead: &Bead) -> Option<Self> {
        let Some(Value::Map(entries)) = bead.extra(KEY) else {
            return None;
        };
        let text = |name: &str| {
            entries.iter().find_map(|(key, value)| match value {
                Value::Str(text) if key == name => Some(text.clone()),
                _ => None,
            })
        };
        let time = |name: &str| text(name).and_then(|text| Time::parse(&text).ok());
        Some(Self {
            severity: text("severity")?.parse().unwrap_or_default(),
            reason: text("reason")?,
            by: text("by")?,
            at: time("at")?,
            acknowledged_by: text("acked_by"),
            acknowledged_at: time("acked_at"),
            resolved_by: text("resolved_by"),
            resolved_at: time("resolved_at"),
        })
    }

    /// Writes it on the bead.
    pub(crate) fn write(&self, bead: &mut Bead) {
        let time = |it: &Option<Time>| Value::text(it.as_ref().map(ToString::to_string));
        let entries = [
            ("severity", Value::Str(self.severity.to_string())),
            ("reason", Value::Str(self.reason.clone())),
            ("by", Value::Str(self.by.clone())),
            ("at", Value::Str(self.at.to_string())),
            ("acked_by", Value::text(self.acknowledged_by.as_deref())),
            ("acked_at", time(&self.acknowledged_at)),
            ("resolved_by", Value::text(self.resolved_by.as_deref())),
            ("resolved_at", time(&self.resolved_at)),
        ];
        let entries = entries.map(|(key, value)| (key.to_owned(), value));
        bead.set_extra(KEY, Value::Map(entries.into()));
    }

    /// Whether this is the one that is asked for, not answered yet.
    pub(super) fn is(&self, escalation: &Escalation) -> bool {
        self.resolved_by.is_none()
            && (&self.by, &self.reason) == (&escalation.by, &escalation.reason)
            && self.severity == escalation.severity
    }

    pub(super) fn acknowledge(&mut self, by: &str, now: &Time) {
        self.acknowledged_by = Some(by.to_owned());
        self.acknowledged_at = Some(now.clone());
    }

    /// Notes that it was answered.
    pub(crate) fn resolve(&mut self, by: &str, now: &Time) {
        self.resolved_by = Some(by.to_owned());
        self.resolved_at = Some(now.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Id;

    #[test]
    fn a_record_survives_its_bead() {
        let now = Time::parse("2026-01-15T10:30:00Z").unwrap();
        let id = Id::parse("gt-abc12").unwrap();
        let mut bead = Bead::new(id, "Work", now.clone(), "overseer");
        assert_eq!(Record::of(&bead), None);
        let escalation = Escalation {
            by: "overseer".to_owned(),
            severity: Severity::Low,
            reason: "which\none?".to_owned(),
            fence: None,
        };
        let mut record = Record::new(&escalation, &now);
        record.acknowledge("ann", &now);
        record.write(&mut bead);
        assert_eq!(Record::of(&bead), Some(record.clone()));
        assert!(record.is(&escalation));
        record.resolve("ann", &now);
        assert!(
            !record.is(&escalation),
            "an answered question is asked anew"
        );
    }
}
