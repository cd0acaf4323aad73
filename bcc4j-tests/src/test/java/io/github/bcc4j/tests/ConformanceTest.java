package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Counts which cases of bcc's own tests are tests here. {@code conformance.tsv} lists the cases, each with its portability (A: as it is,
 * B: with tracepoints instead of kprobes, C: in network namespaces, K: with kprobes, in a guest, D: not portable, with the reason) and a
 * remark: the reason, or {@code by CLASS.METHOD} for a test of the library's own module, which can't see {@link
 * Conforms}.
 */
class ConformanceTest {
    private record Case(String portability, String remark) {
        boolean portable() {
            return !portability.equals("D");
        }
    }

    private static final Path CLASSES = classes();

    @Test
    void everyPortableCaseHasATest() throws Exception {
        Map<String, Case> cases = cases();
        Map<String, Method> claims = claims(cases);

        assertThat(claims.values()).allMatch(m -> AnnotationSupport.isAnnotated(m, Testable.class), "is a test");
        assertThat(claims.keySet())
                .as("claims of cases that are not in the table")
                .isSubsetOf(cases.keySet());
        assertThat(named(cases, c -> !c.portable()))
                .as("cases said not to be portable that have a test all the same")
                .noneMatch(claims::containsKey);
        assertThat(named(cases, Case::portable)).as("portable cases").allMatch(claims::containsKey, "have a test");
        Files.writeString(
                CLASSES.resolveSibling("conformance.txt"),
                "conformance: %d upstream cases, %d portable, %d covered%n"
                        .formatted(cases.size(), named(cases, Case::portable).size(), claims.size()));
    }

    @Test
    void whatIsNotPortableHasAReason() throws IOException {
        assertThat(cases()).allSatisfy((name, c) -> {
            assertThat(c.portability()).as(name).matches("[ABCDK]");
            assertThat(c.remark()).as(name).matches(c.portable() ? "(by \\S+)?" : ".+");
        });
    }

    private static List<String> named(Map<String, Case> cases, Predicate<Case> which) {
        return cases.keySet().stream().filter(n -> which.test(cases.get(n))).toList();
    }

    /** The cases by file and name. */
    private static Map<String, Case> cases() throws IOException {
        Map<String, Case> cases = new LinkedHashMap<>();
        try (var in = ConformanceTest.class.getResourceAsStream("conformance.tsv")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                String[] columns = line.split("\t", -1);
                assertThat(columns).as(line).hasSize(4);
                assertThat(cases.put(columns[0] + " " + columns[1], new Case(columns[2], columns[3])))
                        .as("twice: " + line)
                        .isNull();
            }
        }
        return cases;
    }

    /** What the annotations of this module's tests and the table's remarks claim. */
    private static Map<String, Method> claims(Map<String, Case> cases) throws Exception {
        Map<String, Method> claims = new TreeMap<>();
        for (String name : testClasses()) {
            for (Method method :
                    load(name, ConformanceTest.class.getClassLoader()).getDeclaredMethods()) {
                for (Conforms claim : method.getAnnotationsByType(Conforms.class)) {
                    claims.put(claim.value(), method);
                }
            }
        }
        Path library = CLASSES.resolve("../../../bcc4j-api/target/test-classes").normalize();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {library.toUri().toURL()})) {
            for (var c : cases.entrySet()) {
                if (c.getValue().remark().startsWith("by ")) {
                    claims.put(c.getKey(), method(c.getValue().remark().substring("by ".length()), loader));
                }
            }
        }
        return claims;
    }

    private static Method method(String claim, ClassLoader loader) throws ClassNotFoundException {
        int dot = claim.lastIndexOf('.');
        return Arrays.stream(load(claim.substring(0, dot), loader).getDeclaredMethods())
                .filter(m -> m.getName().equals(claim.substring(dot + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no method " + claim));
    }

    private static Class<?> load(String name, ClassLoader loader) throws ClassNotFoundException {
        return Class.forName(name, false, loader);
    }

    private static TreeSet<String> testClasses() throws IOException {
        try (Stream<Path> files = Files.walk(CLASSES)) {
            TreeSet<String> names = new TreeSet<>();
            files.map(f -> CLASSES.relativize(f).toString())
                    .filter(f -> f.endsWith(".class"))
                    .forEach(f -> names.add(
                            f.substring(0, f.length() - ".class".length()).replace('/', '.')));
            return names;
        }
    }

    private static Path classes() {
        try {
            return Path.of(ConformanceTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
