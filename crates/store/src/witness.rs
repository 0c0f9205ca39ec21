//! Somebody who is told of every change before it can be seen.
//!
//! Told when the new file is whole and on the disk, right before it takes its
//! place: whoever sees a change knows that the witness was told. Of a change
//! that was cut short right there it was told, too. It can neither refuse one
//! nor learn whether it went well.

use std::any::Any;
use std::fmt::Debug;

/// Is told of the records that this process writes.
pub trait Witness: Debug + Send + Sync {
    /// A record is about to be changed.
    fn witness(&self, change: &Change<'_>);
}

/// A record as it is and as it is about to be; none where there is none.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    before: Option<&'a dyn Any>,
    after: Option<&'a dyn Any>,
}

impl<'a> Change<'a> {
    pub(crate) fn new<R: 'static>(before: Option<&'a R>, after: Option<&'a R>) -> Self {
        Self {
            before: before.map(|it| it as &dyn Any),
            after: after.map(|it| it as &dyn Any),
        }
    }

    /// Before and after, if they are records of this kind.
    pub fn of<R: 'static>(&self) -> Option<(Option<&'a R>, Option<&'a R>)> {
        let is_one = |it: Option<&dyn Any>| it.is_none_or(<dyn Any>::is::<R>);
        let some = self.before.is_some() || self.after.is_some();
        (some && is_one(self.before) && is_one(self.after)).then(|| {
            let one = |it: Option<&'a dyn Any>| it?.downcast_ref::<R>();
            (one(self.before), one(self.after))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_of_one_kind() {
        let change = Change::new(None, Some(&7_u32));
        assert_eq!(change.of::<u32>(), Some((None, Some(&7))));
        assert_eq!(change.of::<String>(), None);
        assert_eq!(Change::new::<u32>(None, None).of::<u32>(), None);
    }
}
