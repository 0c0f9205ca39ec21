//! Addresses of agents: who can have a hook and mail.
//!
//! An address is validated before it becomes a path: its parts never hold a
//! slash, a dot or a control character.

use crate::text::is_name;
use std::fmt;

/// Words that no rig, polecat, dog or crew member may be called.
pub const RESERVED: [&str; 8] = [
    "mayor", "overseer", "deacon", "dogs", "polecats", "crew", "refinery", "witness",
];

/// The address of an agent, in its long form on disk and in the environment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Address {
    /// Coordinates the town.
    Mayor,
    /// The human.
    Overseer,
    /// Looks after the town.
    Deacon,
    /// `deacon/dogs/<name>`
    Dog(String),
    /// `<rig>/polecats/<name>`
    Polecat {
        /// The rig it works for.
        rig: String,
        /// Its name from the pool.
        name: String,
    },
    /// `<rig>/crew/<name>`
    Crew {
        /// The rig they work in.
        rig: String,
        /// Their name.
        name: String,
    },
    /// `<rig>/refinery`
    Refinery(String),
    /// `<rig>/witness`
    Witness(String),
}

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It has none of the forms.
    #[error(
        "`{}` is not an agent's address: use mayor, overseer, deacon, deacon/dogs/<name>, \
         <rig>/polecats/<name> (short: <rig>/<name>), <rig>/crew/<name>, <rig>/refinery or <rig>/witness", .0.escape_debug()
    )]
    Form(String),
    /// It has one of them, and a part of it is no name.
    #[error(
        "`{}` is not an agent's address: `{}` is no name, which is of lower-case a-z, 0-9, `_` and `-`",
        .text.escape_debug(), .part.escape_debug()
    )]
    Name {
        /// The text.
        text: String,
        /// The part.
        part: String,
    },
}

impl Address {
    /// Reads an address in its long form, or a polecat's short one.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let parts: Vec<&str> = text.split('/').collect();
        Self::from_parts(&parts).ok_or_else(|| AddressError::new(text, &parts))
    }

    fn from_parts(parts: &[&str]) -> Option<Self> {
        Some(match *parts {
            ["mayor"] => Self::Mayor,
            ["overseer"] => Self::Overseer,
            ["deacon"] => Self::Deacon,
            ["deacon", "dogs", name] => Self::Dog(checked(name)?),
            [rig, "refinery"] => Self::Refinery(checked(rig)?),
            [rig, "witness"] => Self::Witness(checked(rig)?),
            [rig, "crew", name] => Self::Crew {
                rig: checked(rig)?,
                name: checked(name)?,
            },
            [rig, "polecats", name] | [rig, name] => Self::Polecat {
                rig: checked(rig)?,
                name: checked(name)?,
            },
            _ => return None,
        })
    }

    /// The rig the agent belongs to; none for those of the town.
    pub fn rig(&self) -> Option<&str> {
        match self {
            Self::Polecat { rig, .. }
            | Self::Crew { rig, .. }
            | Self::Refinery(rig)
            | Self::Witness(rig) => Some(rig),
            _ => None,
        }
    }

    /// The agent's own name: the last part of its address.
    pub fn name(&self) -> &str {
        match self {
            Self::Mayor => "mayor",
            Self::Overseer => "overseer",
            Self::Deacon => "deacon",
            Self::Dog(name) | Self::Polecat { name, .. } | Self::Crew { name, .. } => name,
            Self::Refinery(_) => "refinery",
            Self::Witness(_) => "witness",
        }
    }

    /// What kind of agent it is, as `GT_ROLE` says it.
    pub fn role(&self) -> &'static str {
        match self {
            Self::Mayor => "mayor",
            Self::Overseer => "overseer",
            Self::Deacon => "deacon",
            Self::Dog(_) => "dog",
            Self::Polecat { .. } => "polecat",
            Self::Crew { .. } => "crew",
            Self::Refinery(_) => "refinery",
            Self::Witness(_) => "witness",
        }
    }

    /// Whether Plaintown starts this agent's process by itself. The others are
    /// people, or sessions that people start.
    pub fn is_spawned(&self) -> bool {
        matches!(self, Self::Polecat { .. } | Self::Dog(_))
    }
}

impl AddressError {
    /// Blames the first part with which, were it a name, the form would be right.
    fn new(text: &str, parts: &[&str]) -> Self {
        let short = |text: &str| text.chars().take(80).collect::<String>();
        let is_odd = |part: &&str| !part.is_empty() && !is_name(part);
        let mended: Vec<&str> = parts
            .iter()
            .map(|part| if is_odd(part) { "name" } else { part })
            .collect();
        match parts.iter().find(|part| is_odd(part)) {
            Some(part) if parts.len() > 1 && Address::from_parts(&mended).is_some() => Self::Name {
                text: short(text),
                part: short(part),
            },
            _ => Self::Form(short(text)),
        }
    }
}

fn checked(name: &str) -> Option<String> {
    (is_name(name) && !RESERVED.contains(&name)).then(|| name.to_owned())
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mayor | Self::Overseer | Self::Deacon => f.pad(self.name()),
            Self::Dog(name) => write!(f, "deacon/dogs/{name}"),
            Self::Polecat { rig, name } => write!(f, "{rig}/polecats/{name}"),
            Self::Crew { rig, name } => write!(f, "{rig}/crew/{name}"),
            Self::Refinery(rig) => write!(f, "{rig}/refinery"),
            Self::Witness(rig) => write!(f, "{rig}/witness"),
        }
    }
}

impl std::str::FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_forms_round_trip() {
        for text in [
            "mayor",
            "overseer",
            "deacon",
            "deacon/dogs/rex",
            "gastown/polecats/toast",
            "gastown/crew/ann",
            "gastown/refinery",
            "gastown/witness",
        ] {
            assert_eq!(Address::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(
            Address::parse("gastown/toast").unwrap().to_string(),
            "gastown/polecats/toast"
        );
    }

    #[test]
    fn a_wrong_name_is_told_from_a_wrong_form() {
        for (text, part) in [
            ("app/crew/Bob", Some("Bob")),
            ("App/toast", Some("App")),
            ("app/a b", Some("a b")),
            ("app/dogs/rex", None),
            ("app/polecats/", None),
            ("Mayor", None),
        ] {
            let told = Address::parse(text).unwrap_err();
            let blamed = match &told {
                AddressError::Name { part, .. } => Some(part.as_str()),
                AddressError::Form(_) => None,
            };
            assert_eq!(blamed, part, "{told}");
        }
    }

    #[test]
    fn refused() {
        for text in [
            "",
            "gastown",
            "../x",
            "gastown/..",
            "gastown/polecats/",
            "gastown/polecats/mayor",
            "crew/x",
            "a/b/c",
            "a/polecats/b/c",
            "A/b",
            "-x/y",
            "gastown/a b",
        ] {
            assert!(Address::parse(text).is_err(), "{text:?}");
        }
    }
}
