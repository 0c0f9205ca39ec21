//! A store's tracked configuration. It never holds a command to run.

use crate::{Field, FieldError, Fields, Record, Value, id, record::map_fields, text};

/// `.beads/config.yaml`
#[derive(Debug, Clone, PartialEq)]
pub struct RigConfig {
    /// The rig's name.
    pub name: String,
    /// The prefix of its beads.
    pub prefix: String,
    /// The branch that work lands on.
    pub target: String,
    /// The remote that work is pushed to.
    pub remote: String,
    /// How many polecats may work at once.
    pub max_polecats: u32,
    /// How the refinery lands work.
    pub merge: MergeConfig,
    /// Who commits the state: `never` by itself.
    pub audit_commit: String,
    /// Keys that we do not know, and those that only few stores have.
    pub extra: Vec<(String, Value)>,
}

/// Maps with their keys that a configuration need not have, and that `bd init`
/// does not write.
pub const RARE: [(&str, &str); 1] = [("refinery", "host")];

/// How the refinery lands work.
#[derive(Debug, Clone, PartialEq)]
pub struct MergeConfig {
    /// Both parents, or the tip only.
    pub strategy: Strategy,
    /// Whether a merge request without any gate is refused.
    pub require_gate: bool,
}

/// The shape of the commit that lands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// Two parents: the old tip and the work.
    Merge,
    /// One parent: the old tip.
    Squash,
}

impl RigConfig {
    /// The configuration of a new rig.
    pub fn new(
        name: impl Into<String>,
        prefix: impl Into<String>,
        target: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            prefix: prefix.into(),
            target: target.into(),
            remote: "origin".to_owned(),
            max_polecats: 4,
            merge: MergeConfig {
                strategy: Strategy::Merge,
                require_gate: false,
            },
            audit_commit: "never".to_owned(),
            extra: Vec::new(),
        }
    }

    /// The host that merges for all, if `refinery.host` names one.
    pub fn refinery_host(&self) -> Option<&str> {
        let [(map, key)] = RARE;
        let refinery = self.extra.iter().find(|(name, _)| name == map);
        let Some((_, Value::Map(entries))) = refinery else {
            return None;
        };
        entries.iter().find_map(|(name, value)| match value {
            Value::Str(host) if name == key => Some(host.as_str()),
            _ => None,
        })
    }
}

impl Strategy {
    fn as_str(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Squash => "squash",
        }
    }
}

impl Record for RigConfig {
    const KIND: &'static str = "configuration";

    fn fields(&self) -> Vec<Field> {
        let merge = map_fields(vec![
            (
                "strategy",
                Value::Str(self.merge.strategy.as_str().to_owned()),
            ),
            ("require_gate", Value::Bool(self.merge.require_gate)),
        ]);
        let mut fields = vec![
            Field::int("format", crate::FORMAT),
            Field::text("name", Some(self.name.as_str())),
            Field::text("prefix", Some(self.prefix.as_str())),
            Field::text("target", Some(self.target.as_str())),
            Field::text("remote", Some(self.remote.as_str())),
            Field::int("max_polecats", self.max_polecats.into()),
            Field::auto("merge", merge),
        ];
        fields.extend(
            self.extra
                .iter()
                .map(|(key, value)| Field::auto(key.clone(), value.clone())),
        );
        let audit = map_fields(vec![("commit", Value::Str(self.audit_commit.clone()))]);
        fields.push(Field::auto("audit", audit));
        fields
    }

    fn from_fields(mut fields: Fields) -> Result<Self, FieldError> {
        fields.take_format()?;
        let name = fields.need_string("name")?;
        if !text::is_name(&name) || crate::address::RESERVED.contains(&name.as_str()) {
            return Err(FieldError::new(
                "name",
                "must be a-z, 0-9, `_` and `-`, and no reserved word",
            ));
        }
        let prefix = fields.need_string("prefix")?;
        if !id::is_prefix(&prefix) {
            return Err(FieldError::new(
                "prefix",
                "must be lower-case letters and digits, parts joined by `-`",
            ));
        }
        let mut merge = fields.map("merge")?;
        let mut audit = fields.map("audit")?;
        Ok(Self {
            name,
            prefix,
            target: fields
                .string("target")?
                .unwrap_or_else(|| "main".to_owned()),
            remote: fields
                .string("remote")?
                .unwrap_or_else(|| "origin".to_owned()),
            max_polecats: fields.count("max_polecats")?.unwrap_or(4),
            merge: MergeConfig {
                strategy: match merge.string("strategy")?.as_deref() {
                    None | Some("merge") => Strategy::Merge,
                    Some("squash") => Strategy::Squash,
                    Some(_) => {
                        return Err(FieldError::new(
                            "merge",
                            "has a `strategy` that is not merge or squash",
                        ));
                    }
                },
                require_gate: merge.bool("require_gate")?.unwrap_or(false),
            },
            audit_commit: match audit.string("commit")? {
                None => "never".to_owned(),
                Some(never) if never == "never" => never,
                Some(_) => {
                    let problem = "has a `commit` that is not never: commits are made by people";
                    return Err(FieldError::new("audit", problem));
                }
            },
            extra: fields.rest(),
        })
    }
}
