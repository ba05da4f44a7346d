//! Cutting lines to a window: rings after Sutherland and Hodgman (1974), open lines after Liang and Barsky (1984).

use super::outlines::Position;

/// What is to be seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

/// The part of a closed line's area that lies in the window.
pub(super) fn ring(points: &[Position], window: Window) -> Vec<Position> {
    let Window { left, top, right, bottom } = window;
    let mut ring = points.to_vec();
    // How far a point is inside of each of the four edges.
    let edges: [&dyn Fn(Position) -> f64; 4] =
        [&|(x, _)| x - left, &|(x, _)| right - x, &|(_, y)| y - top, &|(_, y)| bottom - y];
    for inside in edges {
        let mut kept = Vec::with_capacity(ring.len());
        for (i, &to) in ring.iter().enumerate() {
            let from = ring[if i == 0 { ring.len() - 1 } else { i - 1 }];
            let (at_from, at_to) = (inside(from), inside(to));
            if (at_from < 0.0) != (at_to < 0.0) {
                let part = at_from / (at_from - at_to);
                kept.push((from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part));
            }
            if at_to >= 0.0 {
                kept.push(to);
            }
        }
        ring = kept;
    }
    ring
}

/// The parts of an open line that lie in the window.
pub(super) fn line(points: &[Position], window: Window) -> Vec<Vec<Position>> {
    let mut pieces: Vec<Vec<Position>> = Vec::new();
    for pair in points.windows(2) {
        let [from, to] = [pair[0], pair[1]];
        let Some((start, end)) = segment(from, to, window) else { continue };
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&start) => piece.push(end),
            _ => pieces.push(vec![start, end]),
        }
    }
    pieces
}

fn segment(from: Position, to: Position, window: Window) -> Option<(Position, Position)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (step, room) in [
        (-dx, from.0 - window.left),
        (dx, window.right - from.0),
        (-dy, from.1 - window.top),
        (dy, window.bottom - from.1),
    ] {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enter = enter.max(room / step);
        } else {
            leave = leave.min(room / step);
        }
    }
    let at = |part: f64| {
        if part == 0.0 {
            from
        } else if part >= 1.0 {
            to
        } else {
            (from.0 + dx * part, from.1 + dy * part)
        }
    };
    (enter <= leave).then(|| (at(enter), at(leave)))
}

#[cfg(test)]
mod tests {
    use super::{Window, line, ring};

    const WINDOW: Window = Window { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };

    #[test]
    fn rings_are_cut() {
        let around = [(-5.0, -5.0), (15.0, -5.0), (15.0, 15.0), (-5.0, 15.0)];
        let mut corners = ring(&around, WINDOW);
        corners.sort_by(|one, other| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
        assert_eq!(corners, [(0.0, 0.0), (0.0, 10.0), (10.0, 0.0), (10.0, 10.0)]);
        assert!(ring(&[(20.0, 20.0), (30.0, 20.0), (20.0, 30.0)], WINDOW).is_empty());
    }

    #[test]
    fn lines_are_cut_into_pieces() {
        let pieces = line(&[(-5.0, 5.0), (5.0, 5.0), (5.0, 20.0), (8.0, 20.0), (8.0, 5.0)], WINDOW);
        assert_eq!(pieces, [vec![(0.0, 5.0), (5.0, 5.0), (5.0, 10.0)], vec![(8.0, 10.0), (8.0, 5.0)]]);
    }
}
