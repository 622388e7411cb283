package dev.understudy.doctor.log;

import java.util.ArrayList;
import java.util.List;

/** Records of the server's CSV log: fields in double quotes may hold commas, newlines and doubled quotes. */
final class CsvRecords {
    private final String text;
    private int at;
    private int line = 1;
    private int lineOfRecord = 1;
    private List<String> fields = List.of();

    CsvRecords(String text) {
        this.text = text;
    }

    /** Comes to the next record; false at the end. */
    boolean next() {
        if (at >= text.length()) {
            return false;
        }
        lineOfRecord = line;
        List<String> read = new ArrayList<>();
        do {
            read.add(field());
        } while (at < text.length() && text.charAt(at++) == ',');
        line++;
        fields = read;
        return true;
    }

    private String field() {
        if (at >= text.length() || text.charAt(at) != '"') {
            int end = at;
            while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != '\n') {
                end++;
            }
            String plain = text.substring(at, end);
            at = end;
            return plain;
        }
        StringBuilder quoted = new StringBuilder();
        at++;
        while (at < text.length()) {
            char character = text.charAt(at++);
            if (character == '"' && (at >= text.length() || text.charAt(at) != '"')) {
                break;
            }
            if (character == '"') {
                at++;
            } else if (character == '\n') {
                line++;
            }
            quoted.append(character);
        }
        return quoted.toString();
    }

    List<String> fields() {
        return fields;
    }

    /** Number of the record's first line, from 1. */
    int line() {
        return lineOfRecord;
    }
}
