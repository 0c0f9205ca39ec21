//! Points in time, as files hold them.

use jiff::{Timestamp, civil, tz::TimeZone};
use std::fmt;

/// A point in time. Our own are UTC seconds (`2026-01-15T10:30:00Z`); an
/// imported one keeps the text it came with.
#[derive(Debug, Clone)]
pub struct Time {
    text: Box<str>,
    at: Timestamp,
}

/// Why a text is no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a time (use 2026-01-15T10:30:00Z or 2026-01-15)", .0.escape_debug())]
pub struct TimeError(String);

impl Time {
    /// Reads RFC 3339 with any offset, or a date, which is midnight UTC.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let at = text
            .parse::<Timestamp>()
            .ok()
            .or_else(|| midnight(text))
            .ok_or_else(|| TimeError(text.chars().take(60).collect()))?;
        Ok(Self {
            text: text.into(),
            at,
        })
    }

    /// A time of our own making, cut to the second.
    pub fn from_timestamp(at: Timestamp) -> Self {
        let at = Timestamp::from_second(at.as_second()).unwrap_or(at);
        Self {
            text: at.to_string().into(),
            at,
        }
    }

    /// The text, as read.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The instant.
    pub fn timestamp(&self) -> Timestamp {
        self.at
    }

    /// As it stands in file names, where it sorts: `20260115T104200Z`.
    pub fn compact(&self) -> String {
        self.at.strftime("%Y%m%dT%H%M%SZ").to_string()
    }

    /// Reads [`Time::compact`] back.
    pub fn parse_compact(text: &str) -> Option<Self> {
        let at = civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
        let at = at.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some(Self::from_timestamp(at))
    }
}

fn midnight(text: &str) -> Option<Timestamp> {
    let date: civil::Date = text.parse().ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.at
            .cmp(&other.at)
            .then_with(|| self.text.cmp(&other.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_imported_text_and_compares_instants() {
        let imported = Time::parse("2026-01-15T12:30:00.123456789+02:00").unwrap();
        assert_eq!(imported.as_str(), "2026-01-15T12:30:00.123456789+02:00");
        assert!(imported > Time::parse("2026-01-15T10:30:00Z").unwrap());
        assert_eq!(imported.compact(), "20260115T103000Z");
        assert_eq!(
            Time::parse_compact("20260115T103000Z").unwrap().as_str(),
            "2026-01-15T10:30:00Z"
        );
        assert!(Time::parse("tomorrow").is_err() && Time::parse("2026-13-01").is_err());
    }
}
