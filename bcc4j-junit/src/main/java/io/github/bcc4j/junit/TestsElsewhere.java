package io.github.bcc4j.junit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;

/**
 * JUnit tests that another JVM runs on this kernel, say in a container: the command to run there, and its report as tests of this
 * JVM. That JVM must see this one's class path and JDK under the same names. Of tests that are {@link OnKernels}, those run that
 * are to run {@link OnKernels#HERE}.
 */
public final class TestsElsewhere {
    private TestsElsewhere() {}

    /**
     * The command of the other JVM. It has this JVM's class path, but not its properties.
     *
     * @param report the file to write, as the other JVM names it
     * @param selectors what to run, as {@link GuestMain#main} takes it
     * @return the words of the command
     */
    public static List<String> command(String report, List<String> selectors) {
        List<String> flags =
                List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-Dbcc4j.kernels=" + OnKernels.HERE);
        List<String> arguments = new ArrayList<>(List.of(report));
        arguments.addAll(selectors);
        return GuestJvm.command(flags, System.getProperty("java.class.path"), arguments);
    }

    /**
     * The tests of a report.
     *
     * @param report the report's text, complete or not
     * @param why what became of the other JVM: the reason for tests that did not come to an end
     * @return one result per test, in the order of the report; none if no test came to be known
     */
    public static List<GuestResult> results(String report, String why) {
        return new GuestReport(report).results(why);
    }

    /**
     * Results as nodes for a test factory: they pass, fail and are skipped as the tests did.
     *
     * @param results the results
     * @return a container for each class
     */
    public static Stream<DynamicNode> asDynamicTests(List<GuestResult> results) {
        return GuestNodes.of(results, 0).stream();
    }
}
