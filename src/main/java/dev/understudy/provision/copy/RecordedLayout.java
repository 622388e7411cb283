package dev.understudy.provision.copy;

import dev.understudy.engine.Facts;
import dev.understudy.engine.StepContext;
import dev.understudy.postgres.Oid;
import dev.understudy.transfer.files.TargetLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The target's layout as the copy made it, recorded so that later steps and processes look at the same places. */
final class RecordedLayout {
    private static final String TABLESPACES = "target_tablespaces";
    private static final String WAL_DIRECTORY = "target_wal_directory";
    private static final String WAL_NAME = "target_wal_name";

    private RecordedLayout() {}

    static void record(StepContext context, TargetLayout layout) {
        List<String> entries = new TreeMap<>(layout.tablespaces())
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList();
        context.record(TABLESPACES, PathList.join(entries));
        context.record(WAL_DIRECTORY, layout.walDirectory().orElse(""));
        context.record(WAL_NAME, layout.walName());
    }

    static TargetLayout read(Facts facts, String dataDirectory) {
        Map<Oid, String> tablespaces = new TreeMap<>();
        for (String entry : PathList.split(facts.get(TABLESPACES))) {
            int equals = entry.indexOf('=');
            tablespaces.put(Oid.parse(entry.substring(0, equals)), entry.substring(equals + 1));
        }
        Optional<String> walDirectory = facts.find(WAL_DIRECTORY).filter(path -> !path.isEmpty());
        return new TargetLayout(dataDirectory, tablespaces, walDirectory, facts.get(WAL_NAME));
    }
}
