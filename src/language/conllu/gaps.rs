//! What stands between two tokens, as a value of the last column.
//!
//! Universal Dependencies says `SpaceAfter=No` where nothing does; beyond that `UDPipe`'s `SpacesAfter` and `SpacesBefore` hold the
//! very characters, of which white space, the backslash and the bar are written as `\s`, `\t`, `\n`, `\r`, `\\` and `\p`. Other
//! characters that would break or hide in a line, such as a zero-width space, are written as `\u200B` here.

use std::fmt::Write as _;

/// The characters of a gap as a value of the last column.
pub(super) fn escaped(gap: &str) -> String {
    let mut value = String::with_capacity(2 * gap.len());
    for c in gap.chars() {
        match c {
            ' ' => value.push_str("\\s"),
            '\t' => value.push_str("\\t"),
            '\n' => value.push_str("\\n"),
            '\r' => value.push_str("\\r"),
            '\\' => value.push_str("\\\\"),
            '|' => value.push_str("\\p"),
            c if c.is_ascii_graphic() || c > '\u{FFFF}' || c.is_alphanumeric() => value.push(c),
            c => {
                // Writing to a string does not fail.
                let _ = write!(value, "\\u{:04X}", u32::from(c));
            }
        }
    }
    value
}

/// The characters that a value of the last column stands for; `None` if it is no such value.
pub(super) fn unescaped(value: &str) -> Option<String> {
    let mut gap = String::with_capacity(value.len());
    let mut rest = value.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            gap.push(c);
            continue;
        }
        gap.push(match rest.next()? {
            's' => ' ',
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'p' => '|',
            '\\' => '\\',
            'u' => {
                let digits = rest.as_str().get(..4)?;
                rest = rest.as_str()[4..].chars();
                char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
            }
            _ => return None,
        });
    }
    Some(gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_read_as_written() {
        for (gap, value) in [
            (" \t\r\n", "\\s\\t\\r\\n"),
            ("\u{200B} ", "\\u200B\\s"),
            ("\u{0}\u{85}\u{2028}", "\\u0000\\u0085\\u2028"),
            ("a|b\\é\u{1F600}", "a\\pb\\\\é\u{1F600}"),
            ("", ""),
        ] {
            assert_eq!(escaped(gap), value);
            assert_eq!(unescaped(value).as_deref(), Some(gap));
        }
        for wrong in ["\\", "\\x", "\\u12", "\\uD800", "\\uééé"] {
            assert_eq!(unescaped(wrong), None, "{wrong}");
        }
    }
}
