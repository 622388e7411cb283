package dev.understudy.postgres;

import dev.understudy.error.ErrorCode;
import dev.understudy.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Connection strings and URIs; what is written for a server is read back as the same. */
public final class ConninfoFuzz {
    private ConninfoFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Fuzz.reading(Set.of(ErrorCode.CONNINFO_INVALID), () -> {
            Conninfo conninfo = Conninfo.parse(new String(bytes, StandardCharsets.UTF_8));
            conninfo.display();
            if (!Conninfo.parse(conninfo.keywords()).values().equals(conninfo.values())) {
                throw new AssertionError("not read back as it was written");
            }
            if (conninfo.withoutSecrets().get("password").isPresent()) {
                throw new AssertionError("a password that stays");
            }
        });
    }

    public static List<byte[]> seeds() {
        return Stream.of(
                        "host=db1,db2 port=5432,5433 user=u password='it''s \\'x\\'' dbname = a",
                        "postgresql://u:p%40ss@[::1]:5432,db2/base?sslmode=require&password=x%20y",
                        "postgres://%2Frun%2Fpostgresql/base?options=-c%20search_path%3Da",
                        "service=primary passfile=/x requirepeer=a")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
