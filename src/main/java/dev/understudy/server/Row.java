package dev.understudy.server;

import dev.understudy.postgres.Lsn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The current row of an answer, read by column name. */
public final class Row {
    private final ResultSet rows;

    Row(ResultSet rows) {
        this.rows = rows;
    }

    /** Makes one value of one row. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(Row row) throws SQLException;
    }

    /** Text; empty if it is null. */
    public String text(String column) throws SQLException {
        String value = rows.getString(column);
        return value == null ? "" : value;
    }

    public Optional<String> findText(String column) throws SQLException {
        return Optional.ofNullable(rows.getString(column));
    }

    /** False if it is null. */
    public boolean flag(String column) throws SQLException {
        return rows.getBoolean(column);
    }

    public Optional<Boolean> findFlag(String column) throws SQLException {
        boolean value = rows.getBoolean(column);
        return rows.wasNull() ? Optional.empty() : Optional.of(value);
    }

    /** 0 if it is null. */
    public int number(String column) throws SQLException {
        return rows.getInt(column);
    }

    public OptionalInt findNumber(String column) throws SQLException {
        int value = rows.getInt(column);
        return rows.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
    }

    /** 0 if it is null. */
    public long bigNumber(String column) throws SQLException {
        return rows.getLong(column);
    }

    public OptionalLong findBigNumber(String column) throws SQLException {
        long value = rows.getLong(column);
        return rows.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** A floating-point number; 0 if it is null. */
    public double fraction(String column) throws SQLException {
        return rows.getDouble(column);
    }

    public Lsn lsn(String column) throws SQLException {
        return Lsn.parse(text(column));
    }

    public Optional<Lsn> findLsn(String column) throws SQLException {
        return findText(column).map(Lsn::parse);
    }

    /** A timestamp with time zone. */
    public Instant instant(String column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }

    public Optional<Instant> findInstant(String column) throws SQLException {
        return Optional.ofNullable(rows.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    /** A bytea; an empty array if it is null. */
    public byte[] bytes(String column) throws SQLException {
        byte[] value = rows.getBytes(column);
        return value == null ? new byte[0] : value;
    }

    public Optional<byte[]> findBytes(String column) throws SQLException {
        return Optional.ofNullable(rows.getBytes(column));
    }
}
