//! Collections as CSV: the header says what kind it is.

use std::collections::{HashMap, HashSet};

use super::Collection;

/// A line, from 1, and what is wrong with it.
type Fault = (usize, String);

/// One record with the line on which it starts.
type Record = (usize, Vec<String>);

/// Reads a collection. Headers: `value` a set; `key,value` a map; `key,element` a map of sets;
/// `outer_key,inner_key,value` or `key` and any other columns a table.
pub(super) fn read(text: &str) -> Result<Collection, Fault> {
    let mut records = records(text)?.into_iter();
    let Some((line, header)) = records.next() else {
        return Err((1, "no header: expected `value`, `key,value`, `key,element` or `key` and columns".to_owned()));
    };
    let names: Vec<String> = header.iter().map(|it| it.trim().to_lowercase()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows = check_width(records, header.len())?;
    match names.as_slice() {
        ["value"] => Ok(Collection::Set(rows.into_iter().flat_map(|(_, row)| row).collect())),
        ["key", "value"] => map(rows),
        ["key", "element"] => Ok(map_of_sets(rows)),
        ["outer_key", "inner_key", "value"] => Ok(long_table(rows)),
        ["key", _, ..] => wide_table(&header, rows),
        _ => Err((
            line,
            format!("header `{}`: expected `value`, `key,value`, `key,element` or `key` and columns", header.join(",")),
        )),
    }
}

fn map(rows: Vec<Record>) -> Result<Collection, Fault> {
    let mut map = HashMap::with_capacity(rows.len());
    for (line, row) in rows {
        let [key, value] = pair(row);
        if map.contains_key(&key) {
            return Err((line, format!("the key `{key}` stands twice; a map of sets has the header `key,element`")));
        }
        map.insert(key, value);
    }
    Ok(Collection::Map(map))
}

fn map_of_sets(rows: Vec<Record>) -> Collection {
    let mut map: HashMap<String, HashSet<String>> = HashMap::new();
    for (_, row) in rows {
        let [key, element] = pair(row);
        map.entry(key).or_default().insert(element);
    }
    Collection::MapOfSets(map)
}

fn long_table(rows: Vec<Record>) -> Collection {
    let mut table: HashMap<String, HashMap<String, String>> = HashMap::new();
    for (_, row) in rows {
        let mut cells = row.into_iter();
        let [outer, inner, value] = std::array::from_fn(|_| cells.next().unwrap_or_default());
        table.entry(outer).or_default().insert(inner, value);
    }
    Collection::Table(table)
}

/// Empty cells are absent.
fn wide_table(header: &[String], rows: Vec<Record>) -> Result<Collection, Fault> {
    let mut table = HashMap::with_capacity(rows.len());
    for (line, row) in rows {
        let mut cells = row.into_iter();
        let key = cells.next().unwrap_or_default();
        let columns = header.iter().skip(1).map(|it| it.trim().to_owned());
        let row = columns.zip(cells).filter(|(_, value)| !value.is_empty()).collect::<HashMap<_, _>>();
        if table.contains_key(&key) {
            return Err((line, format!("the key `{key}` stands twice")));
        }
        table.insert(key, row);
    }
    Ok(Collection::Table(table))
}

fn pair(row: Vec<String>) -> [String; 2] {
    let mut cells = row.into_iter();
    std::array::from_fn(|_| cells.next().unwrap_or_default())
}

fn check_width(records: impl Iterator<Item = Record>, width: usize) -> Result<Vec<Record>, Fault> {
    records
        .map(|(line, row)| {
            if row.len() == width {
                Ok((line, row))
            } else {
                Err((line, format!("{} columns where the header has {width}", row.len())))
            }
        })
        .collect()
}

/// Splits CSV: a quoted cell may hold commas, line breaks and doubled quotes; empty lines are passed over.
fn records(text: &str) -> Result<Vec<Record>, Fault> {
    let mut records = Vec::new();
    let (mut row, mut cell) = (Vec::new(), String::new());
    let (mut line, mut start, mut quoted, mut was_quoted) = (1, 1, false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => (quoted, was_quoted) = (true, true),
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && characters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                end_record(&mut records, &mut row, &mut cell, start, was_quoted);
                (start, was_quoted) = (line + 1, false);
            }
            other => cell.push(other),
        }
        line += usize::from(character == '\n');
    }
    if quoted {
        return Err((start, "a quoted cell has no end".to_owned()));
    }
    end_record(&mut records, &mut row, &mut cell, start, was_quoted);
    Ok(records)
}

fn end_record(records: &mut Vec<Record>, row: &mut Vec<String>, cell: &mut String, start: usize, was_quoted: bool) {
    if row.is_empty() && cell.is_empty() && !was_quoted {
        return;
    }
    row.push(std::mem::take(cell));
    records.push((start, std::mem::take(row)));
}
