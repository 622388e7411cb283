package dev.understudy.host.posix;

import dev.understudy.error.ErrorCode;
import dev.understudy.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** What a host answers when it is asked what files are there. */
public final class HostAnswersFuzz {
    private HostAnswersFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Fuzz.reading(Set.of(ErrorCode.FILE_NAME_UNREADABLE, ErrorCode.SSH_SHELL_UNUSABLE), () -> {
            StatusParser parser = new StatusParser("db2", name -> name);
            parser.write(bytes, 0, bytes.length);
            parser.finish();
        });
    }

    public static List<byte[]> seeds() {
        return List.of(("S 41c0 4096 1763625060.123456789 105 111 2049\0/srv/standby\0"
                        + "S a1ff 7 1763625060,5 0 0 2049\0link\0L\0link\0/target\0")
                .getBytes(StandardCharsets.UTF_8));
    }
}
