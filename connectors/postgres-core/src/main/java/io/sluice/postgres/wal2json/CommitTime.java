package io.sluice.postgres.wal2json;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;

/** Timestamps as {@code timestamptz} prints them under DateStyle ISO. */
final class CommitTime {
    private static final OffsetDateTime EPOCH = OffsetDateTime.parse("2000-01-01T00:00:00Z");
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendOffset("+HH:mm:ss", "+00")
            .toFormatter();

    private CommitTime() {}

    /**
     * Microseconds since 2000-01-01 00:00 UTC.
     *
     * @throws DateTimeException when the text is no such timestamp
     */
    static long parse(String text) {
        return ChronoUnit.MICROS.between(EPOCH, ISO.parse(text, OffsetDateTime::from));
    }
}
