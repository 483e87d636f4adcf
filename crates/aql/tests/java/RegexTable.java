// Writes the table of results of java.util.regex that `java_regex.rs` compares with.
// Run with Java 17: java RegexTable.java < regex_cases.txt > ../java_regex.tsv
//
// Input: a regular expression and values, separated by tabs. Output, a line each: expression, value and result, which is
// `error`, `none`, or the ranges of the match and of its groups in bytes of UTF-8 (`-` for a group without part).
// A character out of printable ASCII is written as its code point in hexadecimal between ⟦ and ⟧.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

public class RegexTable {
    public static void main(String[] arguments) throws Exception {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var output = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (line.startsWith("## ") || line.isEmpty()) {
                continue;
            }
            String[] cells = line.split("\t", -1);
            String expression = decoded(cells[0]);
            for (int index = 1; index < cells.length; index++) {
                output.println(encoded(expression) + "\t" + encoded(decoded(cells[index])) + "\t" + result(expression, decoded(cells[index])));
            }
        }
        output.flush();
    }

    static String result(String expression, String value) {
        Matcher matcher;
        try {
            matcher = Pattern.compile(expression).matcher(value);
        } catch (PatternSyntaxException refused) {
            return "error";
        }
        if (!matcher.find()) {
            return "none";
        }
        var ranges = new StringBuilder();
        for (int group = 0; group <= matcher.groupCount(); group++) {
            ranges.append(group == 0 ? "" : " ");
            ranges.append(matcher.start(group) < 0 ? "-" : bytes(value, matcher.start(group)) + ".." + bytes(value, matcher.end(group)));
        }
        return ranges.toString();
    }

    static int bytes(String value, int end) {
        return value.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
    }

    static String decoded(String cell) {
        var text = new StringBuilder();
        for (int at = 0; at < cell.length(); at++) {
            if (cell.charAt(at) != '⟦') {
                text.append(cell.charAt(at));
                continue;
            }
            int end = cell.indexOf('⟧', at);
            text.appendCodePoint(Integer.parseInt(cell.substring(at + 1, end), 16));
            at = end;
        }
        return text.toString();
    }

    static String encoded(String text) {
        var cell = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (point >= ' ' && point <= '~') {
                cell.appendCodePoint(point);
            } else {
                cell.append('⟦').append(Integer.toHexString(point)).append('⟧');
            }
        });
        return cell.toString();
    }
}
