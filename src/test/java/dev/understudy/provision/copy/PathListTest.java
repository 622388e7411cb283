package dev.understudy.provision.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PathListTest {
    @Test
    void nothingInAPathBecomesAnotherPath() {
        List<String> paths = List.of("/srv/a\n/etc", "/srv/b\\n/etc", "/srv/c\\", "/srv/d\r\n", "/srv/e f=g");

        String joined = PathList.join(paths);

        assertThat(PathList.split(joined)).isEqualTo(paths);
        assertThat(joined.lines()).hasSize(paths.size()).doesNotContain("/etc");
    }

    @Test
    void noPathsAreNone() {
        assertThat(PathList.split(PathList.join(List.of()))).isEmpty();
    }

    @Test
    void aHookCanHaveItInItsEnvironment() {
        assertThat(PathList.join(List.of("/a", "/b"))).doesNotContain("\0");
    }
}
