package io.github.bcc4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.table.BpfHash;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every Java name that the table for Python's users gives exists. */
class PythonTableTest {
    private static final Path TABLE = Path.of("../docs/from-python.md");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Map<String, Class<?>> VARIABLES = Map.of(
            "bpf",
            BPF.class,
            "buffer",
            PerfBuffer.class,
            "table",
            BpfHash.class,
            "usdt",
            Usdt.class,
            "link",
            BpfLink.class);
    /** Packages of the JDK whose types the table names. */
    private static final List<String> JDK = List.of(
            "java.lang.", "java.util.", "java.util.regex.", "java.util.concurrent.", "java.nio.file.", "java.time.");
    /** Stands for a user's own type. */
    private static final Set<String> PLACEHOLDERS = Set.of("Record", "V");

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
    private static final Pattern MEMBERS = Pattern.compile("\\b([A-Za-z]\\w*)\\.([a-z]\\w*(?: / [a-z]\\w*)*)");
    private static final Pattern TYPE = Pattern.compile("(?<![\\w.])[A-Z]\\w*");

    private static List<String> javaCode() throws IOException {
        return Files.readAllLines(TABLE).stream()
                .filter(line -> line.startsWith("|"))
                .map(line -> line.replaceAll("\\s*\\|$", ""))
                .map(line -> line.substring(line.lastIndexOf(" | ") + 3))
                .flatMap(cell -> CODE.matcher(cell).results().map(r -> r.group(1)))
                .map(code -> STRING.matcher(code).replaceAll("\"\""))
                .filter(code -> !code.matches("[a-z]+(\\.[a-z]+)*")) // a word, a package
                .filter(code -> !code.matches("[A-Z_0-9]+|(kmod_ret|bpf_iter)__|ulimit -l"))
                .toList();
    }

    private static Optional<Class<?>> type(String name) {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            Optional<Path> own = files.filter(f -> f.endsWith(name + ".java")).findFirst();
            if (own.isPresent()) {
                String path = SOURCES.relativize(own.get()).toString();
                Class<?> found =
                        Class.forName(path.replace(".java", "").replace('/', '.'), false, BPF.class.getClassLoader());
                return Optional.<Class<?>>of(found).filter(c -> Modifier.isPublic(c.getModifiers()));
            }
        } catch (IOException | ClassNotFoundException e) {
            throw new AssertionError(e);
        }
        for (String jdk : JDK) {
            try {
                return Optional.of(Class.forName(jdk + name));
            } catch (ClassNotFoundException e) {
                // in the next one
            }
        }
        return Optional.empty();
    }

    private static boolean hasMember(Class<?> type, String name) {
        return Arrays.stream(type.getMethods()).map(Method::getName).anyMatch(name::equals)
                || Arrays.stream(type.getFields()).map(Field::getName).anyMatch(name::equals);
    }

    @Test
    void everyJavaNameExists() throws IOException {
        Set<String> missing = new TreeSet<>();
        int checked = 0;
        for (String code : javaCode()) {
            for (MatchResult m : MEMBERS.matcher(code).results().toList()) {
                Optional<Class<?>> owner = Optional.<Class<?>>ofNullable(VARIABLES.get(m.group(1)))
                        .or(() -> Character.isUpperCase(m.group(1).charAt(0)) ? type(m.group(1)) : Optional.empty());
                for (String name : m.group(2).split(" / ")) {
                    checked++;
                    if (owner.isPresent() && !name.equals("class") && !hasMember(owner.get(), name)) {
                        missing.add(m.group(1) + "." + name + " in " + code);
                    }
                }
            }
            for (MatchResult m : TYPE.matcher(code).results().toList()) {
                checked++;
                boolean constant = m.group().matches("[A-Z][A-Z0-9_]+");
                if (!constant
                        && !PLACEHOLDERS.contains(m.group())
                        && type(m.group()).isEmpty()) {
                    missing.add(m.group() + " in " + code);
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(checked).as("names in the table").isGreaterThan(150);
    }

    @Test
    void nothingIsLeftForLater() throws IOException {
        assertThat(Files.readString(TABLE)).doesNotContainIgnoringCase("not yet");
    }
}
