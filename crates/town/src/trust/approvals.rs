//! `trust.yaml` in the clone's own folder: which bytes were approved.

use crate::Town;
use crate::error::Error;
use model::{Field, FieldError, Fields, Record, Time, Value, record::map_fields};
use store::tree::Content;
use store::yaml::Document;
use store::{Lock, Problem};

/// The file's name.
pub const FILE: &str = "trust.yaml";

/// Somebody's word that bytes may be run.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// The SHA-256 of the bytes, in hex.
    pub sha256: String,
    /// Who approved them.
    pub by: String,
    /// When.
    pub at: Time,
}

/// All of them, oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
struct Approvals {
    given: Vec<Approval>,
}

/// What was approved in this clone, oldest first.
pub fn approvals(town: &Town) -> Result<Vec<Approval>, Error> {
    Ok(read(town)?.given)
}

/// Takes approvals back: those whose hash begins with `digits`, or all.
pub fn revoke(town: &Town, digits: Option<&str>) -> Result<Vec<Approval>, Error> {
    if let Some(text) = digits.filter(|text| text.len() < 4) {
        return Err(Error::usage(
            format!(
                "`{}` is too short for the hash of an approval",
                text.escape_debug()
            ),
            "give at least four digits of it: `gt trust --list`",
        ));
    }
    let _locked = town.store.lock(&[Lock::named("trust")])?;
    let wanted = |it: &Approval| digits.is_none_or(|digits| it.sha256.starts_with(digits));
    let (gone, given): (Vec<_>, Vec<_>) = read(town)?.given.into_iter().partition(wanted);
    if !gone.is_empty() {
        write(town, &Approvals { given })?;
    }
    Ok(gone)
}

/// The approval of these bytes, if there is one.
pub(super) fn find(town: &Town, sha256: &str) -> Result<Option<Approval>, Error> {
    let given = read(town)?.given;
    Ok(given.into_iter().find(|it| it.sha256 == sha256))
}

/// Adds one; false if these bytes were approved before.
pub(super) fn add(town: &Town, approval: Approval) -> Result<bool, Error> {
    let _locked = town.store.lock(&[Lock::named("trust")])?;
    let mut all = read(town)?;
    if all.given.iter().any(|it| it.sha256 == approval.sha256) {
        return Ok(false);
    }
    all.given.push(approval);
    write(town, &all)?;
    Ok(true)
}

/// A file that cannot be read approves nothing, and says so.
fn read(town: &Town) -> Result<Approvals, Error> {
    let Some(private) = town.store.private() else {
        return Ok(Approvals::default());
    };
    let path = private.path().join(FILE);
    let refused = |what: String| {
        let problem = Problem::new(&path, what, "remove it, and approve again: `gt trust`");
        Error::from(problem)
    };
    match private.read(FILE, town.store.options().file_limit)? {
        Content::Missing => Ok(Approvals::default()),
        Content::Bytes(bytes) => {
            let text = String::from_utf8(bytes).map_err(|_| refused("it is not UTF-8".into()))?;
            Document::read(&text).map_err(|flaw| refused(flaw.what))
        }
        _ => Err(refused("it is no ordinary file".into())),
    }
}

fn write(town: &Town, all: &Approvals) -> Result<(), Error> {
    let folder = town.store.make_private()?.make_dir(".")?;
    Ok(folder.replace(FILE, Document::render(all).as_bytes())?)
}

impl Approval {
    fn to_value(&self) -> Value {
        map_fields(vec![
            ("sha256", Value::Str(self.sha256.clone())),
            ("by", Value::Str(self.by.clone())),
            ("at", Value::Str(self.at.to_string())),
        ])
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        let at = fields.time("at")?;
        Ok(Self {
            sha256: fields.need_string("sha256")?,
            by: fields.need_string("by")?,
            at: at.ok_or_else(|| FieldError::new("at", "is missing"))?,
        })
    }
}

impl Record for Approvals {
    const KIND: &'static str = "list of approvals";

    fn fields(&self) -> Vec<Field> {
        let given = self.given.iter().map(Approval::to_value).collect();
        vec![
            Field::int("format", model::FORMAT),
            Field::auto("approved", Value::List(given)),
        ]
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        fields.take_format()?;
        let given = fields.maps("approved")?;
        let given = given.into_iter().map(Approval::from_fields);
        Ok(Self {
            given: given.collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn approvals_round_trip() {
        let approval = |sha256: &str| Approval {
            sha256: sha256.to_owned(),
            by: "overseer".to_owned(),
            at: Time::parse("2026-01-15T10:30:00Z").unwrap(),
        };
        let all = Approvals {
            given: vec![approval(&"0".repeat(64)), approval(&"e1".repeat(32))],
        };
        assert_eq!(
            Document::<Approvals>::read(&Document::render(&all)).unwrap(),
            all
        );
        let none = Approvals::default();
        assert_eq!(
            Document::<Approvals>::read(&Document::render(&none)).unwrap(),
            none
        );
    }
}
