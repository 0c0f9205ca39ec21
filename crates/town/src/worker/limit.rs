//! How many workers of a store may run at once.
//!
//! The rig says how many it wants, in a file that anybody may change by a merge;
//! the user says how many this machine takes. The lower number counts.

use crate::Town;
use crate::error::Error;

/// A number of workers, and who set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// So many may run.
    pub most: usize,
    /// Where that can be changed.
    pub set_by: SetBy,
}

/// The file that a limit comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBy {
    /// The rig's tracked configuration.
    Rig,
    /// The user's own configuration.
    User,
}

impl Limit {
    /// The one that is in force now.
    pub fn of(town: &Town) -> Result<Self, Error> {
        Ok(Self::lower(
            town.config().max_polecats,
            town.user()?.max_polecats,
        ))
    }

    fn lower(rig: u32, user: Option<u32>) -> Self {
        match user.filter(|user| *user < rig) {
            Some(user) => Self {
                most: user as usize,
                set_by: SetBy::User,
            },
            None => Self {
                most: rig as usize,
                set_by: SetBy::Rig,
            },
        }
    }

    /// Where it is set, in words.
    pub fn place(self) -> &'static str {
        match self.set_by {
            SetBy::Rig => "`max_polecats` in .beads/config.yaml",
            SetBy::User => "`max_polecats` in your own configuration",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_one_counts_and_is_named() {
        let of = |rig, user| {
            let limit = Limit::lower(rig, user);
            (limit.most, limit.set_by)
        };
        assert_eq!(of(4, None), (4, SetBy::Rig));
        assert_eq!(of(4, Some(9)), (4, SetBy::Rig));
        assert_eq!(of(4, Some(4)), (4, SetBy::Rig));
        assert_eq!(of(4, Some(1)), (1, SetBy::User));
        assert_eq!(of(4, Some(0)), (0, SetBy::User));
    }
}
