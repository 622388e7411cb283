package dev.understudy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Holds the page of promises to the tests that it names. */
final class PromisesTest {
    private static final Path TESTS = Path.of("src/test/java");
    private static final Pattern METHOD = Pattern.compile("`([A-Z]\\w+)#(\\w+)`");
    private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w+(?:Test|IT))`");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (?!promise|-)(.*) \\| (.*) \\|$");

    private final String page = read();

    private static String read() {
        try {
            return Files.readString(Path.of("src/site/markdown/promises.md"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Methods that the page names, by class. */
    private Map<String, Set<String>> named() {
        return METHOD.matcher(page)
                .results()
                .collect(Collectors.groupingBy(
                        found -> found.group(1),
                        TreeMap::new,
                        Collectors.mapping(found -> found.group(2), Collectors.toCollection(TreeSet::new))));
    }

    @Test
    void everyNamedTestExistsAndNoneOfItsClassIsLeftOut() throws Exception {
        Map<String, Set<String>> named = named();

        assertThat(named).isNotEmpty();
        for (Map.Entry<String, Set<String>> tests : named.entrySet()) {
            assertThat(tests.getValue())
                    .as("tests of %s that the page names", tests.getKey())
                    .isEqualTo(testsOf(find(tests.getKey())));
        }
    }

    @Test
    void everyNamedClassExists() throws Exception {
        for (String name :
                CLASS.matcher(page).results().map(found -> found.group(1)).toList()) {
            assertThat(testsOf(find(name))).as(name).isNotEmpty();
        }
    }

    @Test
    void everyPromiseNamesATest() {
        assertThat(ROW.matcher(page).results().toList())
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.group(2)).containsPattern(METHOD));
    }

    private static Class<?> find(String name) throws IOException, ClassNotFoundException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            Path file = files.filter(path -> path.endsWith(name + ".java"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("there is no test class " + name));
            String relative = TESTS.relativize(file).toString();
            return Class.forName(
                    relative.substring(0, relative.length() - ".java".length()).replace('/', '.'));
        }
    }

    private static Set<String> testsOf(Class<?> tested) {
        return Stream.of(tested.getDeclaredMethods())
                .filter(method -> AnnotationSupport.isAnnotated(method, Testable.class))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
