//! The `TextMate` grammar of AQL for editors: its words are those of the lexer.

use serde_json::{Value, json};

/// Keywords that stand between operands.
const OPERATORS: [&str; 12] =
    ["AND", "ANY", "BETWEEN", "ILIKE", "IMATCHES", "IN", "IS", "LIKE", "MATCHES", "NOT", "NULL", "OR"];
const CONSTANTS: [&str; 2] = ["FALSE", "TRUE"];

/// The file `syntaxes/aql.tmLanguage.json` of the extension.
pub(crate) fn document() -> String {
    let others = syntax::keywords().filter(|it| !OPERATORS.contains(it) && !CONSTANTS.contains(it));
    let parts = ["comments", "text", "quoted-names", "numbers", "words", "calls", "names", "signs"];
    let include = parts.map(|it| json!({ "include": format!("#{it}") }));
    let grammar = json!({
        "name": "AQL",
        "scopeName": "source.aql",
        "comment": "Made from crates/xtask/src/grammar.rs by `cargo xtask docs`; change it there.",
        "patterns": include,
        "repository": {
            "comments": { "patterns": [
                { "name": "comment.line.double-dash.aql", "match": "--.*$" },
                { "name": "comment.block.aql", "begin": "/\\*", "end": "\\*/" },
            ] },
            "text": quoted("string.quoted.single.aql", '\''),
            "quoted-names": quoted("variable.other.quoted.aql", '"'),
            "numbers": {
                "name": "constant.numeric.aql",
                "match": "\\b0[xX][0-9A-Fa-f]+\\b|(?<![\\w.])(\\d+(\\.\\d+)?|\\.\\d+)([eE][+-]?\\d+)?\\b",
            },
            "words": { "patterns": [
                { "name": "keyword.operator.word.aql", "match": words(&mut OPERATORS.into_iter()) },
                { "name": "constant.language.aql", "match": words(&mut CONSTANTS.into_iter()) },
                { "name": "keyword.other.aql", "match": words(&mut others.into_iter()) },
                { "name": "keyword.other.unit.aql", "match": "(?i)(?<=\\d\\s)\\b(SECOND|MINUTE|HOUR|DAY)S?\\b" },
            ] },
            "calls": {
                "name": "entity.name.function.aql",
                "match": "\\b[A-Za-z_]\\w*(\\s*::\\s*[A-Za-z_]\\w*)*(?=\\s*\\()",
            },
            "names": { "name": "variable.other.aql", "match": "\\b[A-Za-z_]\\w*\\b" },
            "signs": { "name": "keyword.operator.aql", "match": ">>>|>>|<<|<=|>=|<>|!=|==|[-=<>+*/%^&|#~]" },
        },
    });
    format!("{grammar:#}\n")
}

/// What stands between quotes; a doubled quote is one.
fn quoted(scope: &str, quote: char) -> Value {
    json!({
        "name": scope,
        "begin": quote,
        "end": format!("{quote}(?!{quote})"),
        "patterns": [{ "name": "constant.character.escape.aql", "match": format!("{quote}{quote}") }],
    })
}

fn words(words: &mut dyn Iterator<Item = &'static str>) -> String {
    format!("(?i)\\b({})\\b", words.collect::<Vec<_>>().join("|"))
}
