package dev.understudy.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Gives the parameters of a statement their types. */
final class Parameters {
    private Parameters() {}

    static void bind(Connection connection, PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            bind(connection, statement, i + 1, values[i]);
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, int index, Object value)
            throws SQLException {
        if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (value instanceof byte[][] values) {
            statement.setArray(index, connection.createArrayOf("bytea", values));
        } else if (value instanceof Long[] values) {
            statement.setArray(index, connection.createArrayOf("int8", values));
        } else if (value instanceof String[] values) {
            statement.setArray(index, connection.createArrayOf("text", values));
        } else {
            statement.setObject(index, value);
        }
    }
}
