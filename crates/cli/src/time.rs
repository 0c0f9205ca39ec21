//! Times as people type them, and ages as people read them.
//!
//! Nothing here reads a clock: `now` is always an argument. Days are UTC days,
//! as the files have them, so that a command means the same on every machine.

use jiff::{Span, Timestamp, ToSpan, civil, tz::TimeZone};
use model::{Class, Fault, Time};

/// Why a text is no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a time: use +3d, 24h, 2w, tomorrow, monday, 2026-01-15 or 2026-01-15T10:30:00Z", .0.escape_debug())]
pub struct WhenError(String);

impl Fault for WhenError {
    fn class(&self) -> Class {
        Class::Usage
    }

    fn hint(&self) -> Option<String> {
        None
    }
}

/// Reads a point in time for `--due` and `--defer`. A span without a sign lies
/// ahead: `7d` is in seven days, `-7d` was a week ago.
pub fn parse_when(text: &str, now: Timestamp) -> Result<Time, WhenError> {
    parse(text, now, 1)
}

/// Reads a point in time for filters. A span without a sign lies behind: `7d`
/// is a week ago.
pub fn parse_since(text: &str, now: Timestamp) -> Result<Time, WhenError> {
    parse(text, now, -1)
}

fn parse(text: &str, now: Timestamp, unsigned: i64) -> Result<Time, WhenError> {
    let word = text.trim().to_ascii_lowercase();
    let relative = span(&word, unsigned).and_then(|span| after(now, span));
    relative
        .or_else(|| named(&word, now))
        .map(Time::from_timestamp)
        .or_else(|| absolute(text.trim()))
        .ok_or_else(|| WhenError(text.chars().take(60).collect()))
}

/// `+3d`, `-24h`, `90m`, `2w`, `1mo`, `1y`.
fn span(word: &str, unsigned: i64) -> Option<Span> {
    let (sign, rest) = match word.as_bytes().first()? {
        b'+' => (1, &word[1..]),
        b'-' => (-1, &word[1..]),
        _ => (unsigned, word),
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let count = sign * rest[..digits].parse::<i64>().ok()?;
    let span = Span::new();
    match &rest[digits..] {
        "s" | "sec" => span.try_seconds(count),
        "m" | "min" => span.try_minutes(count),
        "h" | "hour" | "hours" => span.try_hours(count),
        "d" | "day" | "days" => span.try_days(count),
        "w" | "week" | "weeks" => span.try_weeks(count),
        "mo" | "month" | "months" => span.try_months(count),
        "y" | "year" | "years" => span.try_years(count),
        _ => return None,
    }
    .ok()
}

fn after(now: Timestamp, span: Span) -> Option<Timestamp> {
    let later = now.to_zoned(TimeZone::UTC).checked_add(span).ok()?;
    Some(later.timestamp())
}

/// `now`, or a day, which means its midnight.
fn named(word: &str, now: Timestamp) -> Option<Timestamp> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let date = match word {
        "now" => return Some(now),
        "today" => today,
        "tomorrow" => today.checked_add(1.day()).ok()?,
        "yesterday" => today.checked_sub(1.day()).ok()?,
        "next week" | "next-week" => today.checked_add(1.week()).ok()?,
        _ => next_weekday(word.trim_start_matches("next "), today)?,
    };
    midnight(date)
}

fn next_weekday(word: &str, today: civil::Date) -> Option<civil::Date> {
    use civil::Weekday::*;
    let weekday = match word {
        "monday" | "mon" => Monday,
        "tuesday" | "tue" => Tuesday,
        "wednesday" | "wed" => Wednesday,
        "thursday" | "thu" => Thursday,
        "friday" | "fri" => Friday,
        "saturday" | "sat" => Saturday,
        "sunday" | "sun" => Sunday,
        _ => return None,
    };
    today.nth_weekday(1, weekday).ok()
}

fn midnight(date: civil::Date) -> Option<Timestamp> {
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// RFC 3339, or an ISO date with or without a time of day, then in UTC. What
/// has an offset keeps its text; what has none is written out in UTC.
fn absolute(text: &str) -> Option<Time> {
    if text.parse::<Timestamp>().is_ok() {
        return Time::parse(text).ok();
    }
    let at: civil::DateTime = text.parse().ok()?;
    let at = at.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(Time::from_timestamp(at))
}

/// How long ago something was, in the largest whole unit: `40s`, `3m`, `2h`,
/// `5d`, `3w`, `2y`. The future, by a clock that is off, is `0s`.
pub fn age(then: &Time, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(then.timestamp().as_second());
    let seconds = seconds.max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        86_400..1_209_600 => format!("{}d", seconds / 86_400),
        1_209_600..31_536_000 => format!("{}w", seconds / 604_800),
        _ => format!("{}y", seconds / 31_536_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // A Thursday.
    fn now() -> Timestamp {
        "2026-01-15T10:30:00Z".parse().unwrap()
    }

    #[test]
    fn what_people_type() {
        for (text, expected) in [
            ("+3d", "2026-01-18T10:30:00Z"),
            ("7d", "2026-01-22T10:30:00Z"),
            ("-7d", "2026-01-08T10:30:00Z"),
            ("24h", "2026-01-16T10:30:00Z"),
            ("90m", "2026-01-15T12:00:00Z"),
            ("+2w", "2026-01-29T10:30:00Z"),
            ("1mo", "2026-02-15T10:30:00Z"),
            ("1y", "2027-01-15T10:30:00Z"),
            ("now", "2026-01-15T10:30:00Z"),
            ("today", "2026-01-15T00:00:00Z"),
            ("Tomorrow", "2026-01-16T00:00:00Z"),
            ("yesterday", "2026-01-14T00:00:00Z"),
            ("thursday", "2026-01-22T00:00:00Z"),
            ("next monday", "2026-01-19T00:00:00Z"),
            ("2026-02-01", "2026-02-01T00:00:00Z"),
            ("2026-02-01T09:30", "2026-02-01T09:30:00Z"),
            ("2026-02-01 09:30:00", "2026-02-01T09:30:00Z"),
            ("2026-02-01T09:30:00+02:00", "2026-02-01T09:30:00+02:00"),
        ] {
            let time = parse_when(text, now()).unwrap();
            assert_eq!(time.as_str(), expected, "{text}");
        }
    }

    #[test]
    fn filters_look_back() {
        let week_ago = parse_since("7d", now()).unwrap();
        assert_eq!(week_ago.as_str(), "2026-01-08T10:30:00Z");
        let ahead = parse_since("+1d", now()).unwrap();
        assert_eq!(ahead.as_str(), "2026-01-16T10:30:00Z");
    }

    #[test]
    fn refused() {
        for text in [
            "",
            "d",
            "3",
            "+",
            "-",
            "3x",
            "soon",
            "2026-13-01",
            "2026-02-30",
            "99999999999999999999d",
            "9999999d",
            "éd",
            "+3d4",
        ] {
            let error = parse_when(text, now()).unwrap_err();
            assert_eq!(error.class(), Class::Usage, "{text:?}");
        }
    }

    #[test]
    fn ages() {
        for (then, expected) in [
            ("2026-01-15T10:29:20Z", "40s"),
            ("2026-01-15T10:26:59Z", "3m"),
            ("2026-01-15T08:30:00Z", "2h"),
            ("2026-01-10T10:30:00Z", "5d"),
            ("2025-12-20T10:30:00Z", "3w"),
            ("2023-12-20T10:30:00Z", "2y"),
            ("2026-01-15T11:00:00Z", "0s"),
        ] {
            assert_eq!(age(&Time::parse(then).unwrap(), now()), expected);
        }
    }
}
