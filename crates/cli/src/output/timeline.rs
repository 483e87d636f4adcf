//! The timeline of a report: an SVG of how many matches fell into each part of the time, by severity.

use std::fmt::Write as _;

use pack::Level;

use super::html::escape;

/// How many parts the time is divided into.
const PARTS: usize = 96;
const WIDTH: usize = 960;
const HEIGHT: usize = 120;

/// A drawing of moments (milliseconds since 1970 UTC) with their severities; nothing without a moment.
pub(super) fn svg(moments: &[(i64, Level)], label: &dyn Fn(i64) -> String) -> String {
    let (Some(first), Some(last)) = (moments.iter().map(|(it, _)| *it).min(), moments.iter().map(|(it, _)| *it).max())
    else {
        return String::new();
    };
    let span = (last - first).max(1);
    let mut counts = vec![[0_usize; Level::ALL.len()]; PARTS];
    for (moment, level) in moments {
        let part = i128::from(moment - first) * PARTS as i128 / (i128::from(span) + 1);
        counts[usize::try_from(part).unwrap_or(0).min(PARTS - 1)][*level as usize] += 1;
    }
    let highest = counts.iter().map(|it| it.iter().sum::<usize>()).max().unwrap_or(1).max(1);
    let mut text = format!(
        "<svg class=\"timeline\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"Matches over time\">\n",
        HEIGHT + 20
    );
    for (part, levels) in counts.iter().enumerate() {
        let total: usize = levels.iter().sum();
        if total == 0 {
            continue;
        }
        let start = first + i64::try_from(i128::from(span) * part as i128 / PARTS as i128).unwrap_or(0);
        let mut top = HEIGHT;
        let _ = write!(text, "<g><title>{} from {}</title>", super::count_matches(total as u64), escape(&label(start)));
        for level in Level::ALL {
            let count = levels[*level as usize];
            if count > 0 {
                // The logarithm keeps a single match visible beside a thousand.
                let height = scaled(total, highest) * count / total;
                top -= height.max(2).min(top);
                let left = part * WIDTH / PARTS;
                let _ = write!(
                    text,
                    "<rect class=\"{level}\" x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\"/>",
                    WIDTH / PARTS - 1,
                    height.max(2)
                );
            }
        }
        text.push_str("</g>\n");
    }
    let baseline = HEIGHT + 15;
    let _ = writeln!(
        text,
        "<text x=\"0\" y=\"{baseline}\">{}</text><text x=\"{WIDTH}\" y=\"{baseline}\" text-anchor=\"end\">{}</text></svg>",
        escape(&label(first)),
        escape(&label(last))
    );
    text
}

fn scaled(count: usize, highest: usize) -> usize {
    let share = ((count + 1) as f64).ln() / ((highest + 1) as f64).ln();
    (share * HEIGHT as f64).round() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_moment_is_drawn_in_its_severity() {
        let text = svg(&[(0, Level::High), (5_000, Level::Low), (5_000, Level::Low)], &|it| it.to_string());
        assert!(text.contains("1 match from 0"), "{text}");
        assert!(text.contains("class=\"high\"") && text.contains("class=\"low\""), "{text}");
        assert!(text.contains("2 matches from 4947"), "{text}");
        assert_eq!(svg(&[], &|it| it.to_string()), "");
        assert!(svg(&[(i64::MIN / 2, Level::Low), (i64::MAX / 2, Level::Low)], &|it| it.to_string()).contains("rect"));
    }
}
