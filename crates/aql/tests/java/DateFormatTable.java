// Writes what Java makes of dates, for the tests of DATEFORMAT and PARSETIMESTAMP, and the names of time zones:
//   java DateFormatTable.java format > dateformat.tsv
//   java DateFormatTable.java parse  > parsetimestamp.tsv
//   java DateFormatTable.java zones  > ../../data/zone_names.tsv

import java.nio.charset.StandardCharsets;
import java.io.PrintStream;
import java.text.ParsePosition;
import java.text.SimpleDateFormat;
import java.util.*;

public class DateFormatTable {
    static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    /** The moment from which two-digit years are counted: 2024-05-01 12:00 UTC. */
    static final long NOW = 1714564800000L;

    static final String ALL =
        "G|GGGG|y|yy|yyy|yyyy|yyyyy|Y|YY|YYYY|M|MM|MMM|MMMM|MMMMM|L|LL|LLL|LLLL|w|ww|W|D|DDD|d|dd|F|E|EEE|EEEE|u|uu"
        + "|a|aaaa|H|HH|k|kk|K|KK|h|hh|m|mm|s|ss|S|SS|SSS|SSSS|z|zzzz|Z|ZZZZ|X|XX|XXX";

    static final String[] ZONES = {
        "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Tokyo", "America/Sao_Paulo",
        "Australia/Lord_Howe", "Europe/London", "Europe/Dublin", "America/St_Johns", "Pacific/Apia", "GMT+05:30",
    };

    static final long[] INSTANTS = {
        0L, -1L, 1L, -86400000L, 1714564800000L, 1714564800007L, 1704067199999L, 1704067200000L, 1735603200000L,
        1711846799999L, 1711846800000L, 1729990799999L, 1729990800000L, 1710053999999L, 1710054000000L,
        1730613599999L, 1730613600000L, 951782400000L, 946684799999L, 253402300799999L, 253402300800000L,
        -1000000000000L, -2208988800000L, -1577923200000L, 1325289600000L, 4102444800000L, 1709164800000L,
        -12219292800000L, -12219292800001L, -30000000000000L, -62135596800000L, -62135769600001L, -70000000000000L,
    };

    static final String[] PATTERNS = {
        "yyyy-MM-dd HH:mm:ss", "YYYY-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "EEE, d MMM yyyy HH:mm:ss Z",
        "EEEE, d. MMMM yyyy", "hh:mm a", "h 'o''clock' a, zzzz", "''yy''", "'literal only'", "", "yyyyMMddHHmmssSSS",
        "dd/MM/yyyy 'at' KK:mm", "GGG yyyy", "'Q'M", "%yyyy_MM", "yyyy\u5e74MM\u6708dd\u65e5", "ssssssssssss",
        "yyyyyyyyyyyy", "XXXX", "b", "yyyy-MM-dd n", "'open", "P", "MMMMMMM", "EEEEEE", "uuuu", "e", "AA", "''", "''''",
        "'a''b'", "yyyy''MM",
    };

    static final String[][] PARSED = {
        {"yyyy-MM-dd", "2024-05-06"}, {"yyyy-MM-dd HH:mm:ss", "2024-05-06 07:08:09"},
        {"yyyy-MM-dd HH:mm:ss", "2024-5-6 7:8:9"}, {"yyyy-MM-dd", "2024-13-45"}, {"yyyy-MM-dd", "2024-00-00"},
        {"yyyy-MM-dd", "2024-05-06 and more"}, {"yyyy-MM-dd", "  2024-05-06"}, {"yyyy-MM-dd", "x2024-05-06"},
        {"yyyy-MM-dd", "2024/05/06"}, {"yyyy-MM-dd", ""}, {"yyyy-MM-dd", "2024-05"}, {"yyyyMMdd", "20240506"},
        {"yyyyMMddHHmmss", "20240506070809"}, {"yyyyMMddHHmmss", "2024050607080"}, {"yyyyMMdd", "2024056"},
        {"HHmm", "935"}, {"Hmm", "935"}, {"HHmmss", "93512"},
        {"yy-MM-dd", "24-05-06"}, {"yy-MM-dd", "99-05-06"}, {"yy-MM-dd", "44-05-01"}, {"yy-MM-dd", "44-05-02"},
        {"yy-MM-dd", "2024-05-06"}, {"yy-MM-dd", "4-05-06"}, {"yyyy-MM-dd", "24-05-06"}, {"y-M-d", "24-5-6"},
        {"dd MMM yyyy", "06 May 2024"}, {"dd MMM yyyy", "06 may 2024"}, {"dd MMM yyyy", "06 September 2024"},
        {"dd MMMM yyyy", "06 Sep 2024"}, {"dd MMM yyyy", "06 Foo 2024"}, {"dd MM yyyy", "06 May 2024"},
        {"EEE, d MMM yyyy HH:mm:ss Z", "Mon, 6 May 2024 07:08:09 +0200"},
        {"EEE, d MMM yyyy HH:mm:ss Z", "Tue, 6 May 2024 07:08:09 -0530"},
        {"EEE, d MMM yyyy HH:mm:ss z", "Mon, 6 May 2024 07:08:09 GMT"},
        {"yyyy-MM-dd HH:mm z", "2024-05-06 07:08 GMT+02:00"}, {"yyyy-MM-dd HH:mm z", "2024-05-06 07:08 UTC"},
        {"yyyy-MM-dd HH:mm z", "2024-05-06 07:08 EST"}, {"yyyy-MM-dd HH:mm z", "2024-05-06 07:08 CEST"},
        {"yyyy-MM-dd HH:mm z", "2024-05-06 07:08 Pacific Standard Time"},
        {"yyyy-MM-dd HH:mm z", "2024-05-06 07:08 +0100"}, {"yyyy-MM-dd HH:mm Z", "2024-05-06 07:08 GMT"},
        {"yyyy-MM-dd HH:mm z", "2024-05-06 07:08 nowhere"}, {"yyyy-MM-dd HH:mm Z", "2024-05-06 07:08 +01:00"},
        {"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2024-05-06T07:08:09.123+02:00"},
        {"yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2024-05-06T07:08:09.123Z"},
        {"yyyy-MM-dd'T'HH:mm:ssX", "2024-05-06T07:08:09-05"}, {"yyyy-MM-dd'T'HH:mm:ssXX", "2024-05-06T07:08:09-0530"},
        {"yyyy-MM-dd'T'HH:mm:ssXXX", "2024-05-06T07:08:09-0530"}, {"yyyy-MM-dd'T'HH:mm:ssX", "2024-05-06T07:08:09z"},
        {"yyyy-MM-dd HH:mm:ss.SSS", "2024-05-06 07:08:09.5"}, {"yyyy-MM-dd HH:mm:ss.S", "2024-05-06 07:08:09.123456"},
        {"yyyy-MM-dd hh:mm a", "2024-05-06 12:30 AM"}, {"yyyy-MM-dd hh:mm a", "2024-05-06 12:30 pm"},
        {"yyyy-MM-dd hh:mm a", "2024-05-06 07:30 PM"}, {"yyyy-MM-dd hh:mm", "2024-05-06 12:30"},
        {"yyyy-MM-dd KK:mm a", "2024-05-06 11:30 PM"}, {"yyyy-MM-dd kk:mm", "2024-05-06 24:30"},
        {"yyyy-MM-dd hh:mm a", "2024-05-06 13:30 PM"}, {"yyyy-MM-dd HH:mm a", "2024-05-06 19:30 AM"},
        {"yyyy-DDD", "2024-127"}, {"D yyyy", "366 2023"}, {"YYYY-'W'ww-u", "2024-W19-1"}, {"YYYY-ww", "2024-19"},
        {"yyyy ww EEE", "2024 19 Mon"}, {"yyyy-MM W u", "2024-05 2 3"}, {"yyyy-MM F EEE", "2024-05 2 Tue"},
        {"yyyy-MM-dd EEE", "2024-05-06 Sun"}, {"EEE yyyy-MM-dd", "Wed 2024-05-06"},
        {"MM-dd", "05-06"}, {"HH:mm", "07:08"}, {"yyyy", "2024"}, {"G yyyy", "BC 0044"}, {"yyyy G", "2024 AD"},
        {"yyyy-MM-dd HH:mm:ss", "2024-05-06 25:61:61"}, {"yyyy-MM-dd", "-2024-05-06"}, {"yyyy-MM-dd", "2024--5-06"},
        {"d/M/yyyy", "6/5/2024"}, {"'at' HH", "at 7"}, {"HH 'o''clock'", "7 o'clock"}, {"yyyy-MM-dd", "1500-02-29"},
        {"yyyy-MM-dd", "1582-10-04"}, {"yyyy-MM-dd", "1582-10-10"}, {"yyyy-MM-dd", "1582-10-15"},
        {"yyyy-MM-dd HH:mm", "2024-03-31 02:30"}, {"yyyy-MM-dd HH:mm", "2024-10-27 02:30"},
        {"yyyy-MM-dd HH:mm", "2024-03-10 02:30"}, {"yyyy-MM-dd HH:mm", "2024-11-03 01:30"},
        {"LLL yyyy", "May 2024"}, {"LLLL d", "May 7"}, {"u", "3"}, {"F", "2"}, {"W", "2"}, {"w", "3"}, {"E", "Tue"},
        {"yyyy MM dd  HH", "2024 05 06 07"}, {"yyyy MM dd HH", "2024 05 06   07"}, {"a", "PM"}, {"S", "17"},
        {"yyyy-MM-dd HH:mm:ss,SSS", "2024-05-06 07:08:09,123"}, {"dd.MM.yyyy", "06.05.2024"},
        {"yyyy-MM-dd'T'HH:mm:ss'Z'", "2024-05-06T07:08:09Z"}, {"MMM d, yyyy h:mm:ss a", "May 6, 2024 7:08:09 PM"},
        {"MMM dd HH:mm:ss", "Feb  9 07:08:09"}, {"dd/MMM/yyyy:HH:mm:ss Z", "06/May/2024:07:08:09 +0000"},
    };

    public static void main(String[] arguments) {
        switch (arguments[0]) {
            case "format" -> format();
            case "parse" -> parse();
            default -> zones();
        }
        OUT.flush();
    }

    static void format() {
        OUT.println("# pattern, milliseconds, zone, text or ! and the reason; written by DateFormatTable.java, Java "
            + System.getProperty("java.version"));
        for (String zone : ZONES) {
            for (long instant : INSTANTS) {
                row(ALL, instant, zone);
            }
        }
        for (int year = 2015; year <= 2027; year++) {
            Calendar day = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.US);
            day.setTimeInMillis(0);
            day.set(year, Calendar.DECEMBER, 26, 12, 0, 0);
            for (int count = 0; count < 14; count++) {
                row("yyyy-MM-dd YYYY w W F D u E", day.getTimeInMillis(), "UTC");
                day.add(Calendar.DATE, 1);
            }
        }
        for (String pattern : PATTERNS) {
            row(pattern, 1714564800007L, "Europe/Berlin");
        }
    }

    static void row(String pattern, long instant, String zone) {
        String result;
        try {
            SimpleDateFormat format = new SimpleDateFormat(pattern, Locale.US);
            format.setTimeZone(TimeZone.getTimeZone(zone));
            result = format.format(new Date(instant));
        } catch (IllegalArgumentException refusal) {
            result = "!" + refusal.getMessage();
        }
        OUT.println(pattern + "\t" + instant + "\t" + zone + "\t" + result);
    }

    static void parse() {
        OUT.println("# pattern, text, zone, milliseconds or null; written by DateFormatTable.java, Java "
            + System.getProperty("java.version"));
        for (String zone : new String[] {"UTC", "Europe/Berlin", "America/New_York"}) {
            for (String[] pair : PARSED) {
                SimpleDateFormat format = new SimpleDateFormat(pair[0], Locale.US);
                format.setTimeZone(TimeZone.getTimeZone(zone));
                Calendar start = new GregorianCalendar(TimeZone.getTimeZone(zone), Locale.US);
                start.setTimeInMillis(NOW);
                start.add(Calendar.YEAR, -80);
                format.set2DigitYearStart(start.getTime());
                Date date = format.parse(pair[1], new ParsePosition(0));
                OUT.println(pair[0] + "\t" + pair[1] + "\t" + zone + "\t" + (date == null ? "null" : date.getTime()));
            }
        }
    }

    static void zones() {
        OUT.println("# Names of time zones in English: short and long, standard and daylight, then the zones.");
        OUT.println("# The names are those of the Unicode Common Locale Data Repository and of Java, " + "written by tests/java/DateFormatTable.java.");
        Map<String, List<String>> zones = new TreeMap<>();
        for (String id : TimeZone.getAvailableIDs()) {
            TimeZone zone = TimeZone.getTimeZone(id);
            String names = zone.getDisplayName(false, TimeZone.SHORT, Locale.US) + "\t"
                + zone.getDisplayName(true, TimeZone.SHORT, Locale.US) + "\t"
                + zone.getDisplayName(false, TimeZone.LONG, Locale.US) + "\t"
                + zone.getDisplayName(true, TimeZone.LONG, Locale.US);
            zones.computeIfAbsent(names, it -> new ArrayList<>()).add(id);
        }
        for (Map.Entry<String, List<String>> entry : zones.entrySet()) {
            Collections.sort(entry.getValue());
            OUT.println(entry.getKey() + "\t" + String.join(" ", entry.getValue()));
        }
    }
}
