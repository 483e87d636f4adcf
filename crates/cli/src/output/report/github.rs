//! Findings as workflow commands, which GitHub Actions shows beside the lines of a change.

use std::fmt::Write as _;

use syntax::Severity;

use super::place::Lines;
use super::{Report, message};

pub(super) fn annotations(reports: &[Report<'_>]) -> String {
    let mut text = String::new();
    for report in reports {
        let lines = Lines::new(report.text);
        for said in report.diagnostics {
            let command = match said.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let (start, end) = (lines.place(said.span.start), lines.place(said.span.end.max(said.span.start)));
            let _ = write!(text, "::{command} file={},line={},endLine={}", property(report.name), start.line, end.line);
            // Columns are shown for a place on one line only. The last one is inclusive.
            if start.line == end.line {
                let last = end.column.saturating_sub(1).max(start.column);
                let _ = write!(text, ",col={},endColumn={last}", start.column);
            }
            let _ = writeln!(text, ",title={}::{}", property(said.id), data(&message(said)));
        }
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use syntax::{Diagnostic, Span};

    #[test]
    fn lines_and_signs_of_the_format_are_escaped() {
        let said = Diagnostic::warning("any-pattern", Span::new(7, 10), "100% so").with_help("a\nb").with_label("here");
        let diagnostics = [said, Diagnostic::error("e", Span::new(3, 8), "over lines")];
        let report = Report { name: "a,b:c.aql", text: "SELECT\nqid\n", diagnostics: &diagnostics };
        let expected = "::warning file=a%2Cb%3Ac.aql,line=2,endLine=2,col=1,endColumn=3,title=any-pattern::100%25 so: here%0Ahelp: a%0Ab\n\
                        ::error file=a%2Cb%3Ac.aql,line=1,endLine=2,title=e::over lines\n";
        assert_eq!(annotations(&[report]), expected);
    }
}
