package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.attach.UsdtArgument;
import io.github.bcc4j.attach.UsdtArgument.Constant;
import io.github.bcc4j.attach.UsdtArgument.Memory;
import io.github.bcc4j.attach.UsdtArgument.Register;
import io.github.bcc4j.attach.UsdtArgument.Unreadable;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The static probes of this JVM and of Python, through Debian's python3-bpfcc and through bcc4j: the same, to the last operand. */
@Tag("native")
class UsdtDifferentialTest {
    private static final String SCRIPT = """
            import sys
            from bcc import USDT
            usdt = USDT(path=sys.argv[1]) # held: its probes point into it
            for p in usdt.enumerate_probes():
                for i in range(p.num_locations):
                    l = p.get_location(i)
                    a = [str(l.get_argument(n)) for n in range(p.num_arguments)]
                    print("%s:%s 0x%x [%s]" % (p.provider.decode(), p.name.decode(), l.address, ", ".join(a)))
            """;

    @Test
    void theProbesAreTheSame() {
        for (String binary : List.of(System.getProperty("java.home") + "/lib/server/libjvm.so", "/usr/bin/python3")) {
            List<String> theirs =
                    Workloads.run("/usr/bin/python3", "-c", SCRIPT, binary).lines();
            List<String> ours = Usdt.of(binary).probes().stream()
                    .flatMap(p -> p.locations().stream()
                            .map(l -> p.fullName() + " 0x" + Long.toHexString(l.address()) + " "
                                    + l.arguments().stream()
                                            .map(UsdtDifferentialTest::describe)
                                            .toList()))
                    .toList();
            assertThat(theirs).hasSizeGreaterThan(5);
            assertThat(ours).containsExactlyInAnyOrderElementsOf(theirs);
        }
    }

    /** As python3-bpfcc writes it. */
    private static String describe(UsdtArgument a) {
        String operand = switch (a.operand()) {
            case Constant c -> String.valueOf(c.value());
            case Register r -> r.field();
            case Memory m -> {
                String index = m.index() == null ? "" : " + " + m.index().field() + " * " + m.scale();
                yield "*(" + m.base().field() + (m.displacement() < 0 ? " - " : " + ") + Math.abs(m.displacement())
                        + index + ")";
            }
            case Unreadable u -> u.why();
        };
        return a.size() + (a.signed() ? " signed  " : " unsigned") + " bytes @ " + operand;
    }
}
