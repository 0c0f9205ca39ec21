//! Where a bead is slung to.

use crate::Town;
use crate::error::Error;
use model::Address;
use model::address::RESERVED;

/// A target, as `gt sling` takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The actor's own hook: no target, or `.`.
    Own,
    /// A polecat of this rig, with a name from the pool or this one.
    Rig(Option<String>),
    /// This agent.
    Agent(Address),
}

impl Target {
    /// Reads a target, or `None` if the text is none (and so a bead).
    pub fn parse(town: &Town, text: &str) -> Result<Option<Self>, Error> {
        if text == "." {
            return Ok(Some(Self::Own));
        }
        if text == town.rig() {
            return Ok(Some(Self::Rig(None)));
        }
        if !text.contains('/') && !RESERVED.contains(&text) {
            return Ok(None);
        }
        let address = match text {
            "crew" | "dogs" | "polecats" => Err(no_such(town, text)),
            _ => Address::parse(text).map_err(|error| Error::usage(error.to_string(), forms(town))),
        }?;
        Self::of_address(town, address).map(Some)
    }

    /// The target that an address stands for.
    pub fn of_address(town: &Town, address: Address) -> Result<Self, Error> {
        match &address {
            Address::Polecat { rig, .. }
            | Address::Crew { rig, .. }
            | Address::Refinery(rig)
            | Address::Witness(rig)
                if rig != town.rig() =>
            {
                Err(no_such(town, &address.to_string()))
            }
            Address::Polecat { name, .. } => Ok(Self::Rig(Some(name.clone()))),
            _ => Ok(Self::Agent(address)),
        }
    }

    /// What is neither a target nor a bead.
    pub fn unknown(town: &Town, text: &str) -> Error {
        Error::not_found(
            format!("`{}` is neither a bead nor a target", text.escape_debug()),
            forms(town),
        )
    }
}

fn no_such(town: &Town, text: &str) -> Error {
    Error::usage(
        format!("`{text}` is no target in this repository"),
        forms(town),
    )
}

fn forms(town: &Town) -> String {
    let rig = town.rig();
    format!(
        "use `.` for your own hook, {rig} for a new polecat, {rig}/<name> for one by name, mayor, overseer, or {rig}/crew/<name>"
    )
}
