package io.github.bcc4j.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The committed bindings against the headers of bcc and libbpf, symbol by symbol, by the C compiler. */
@Tag("native")
class AbiAuditTest {
    private static final String PACKAGE = "io.github.bcc4j.ffm.";

    @BeforeAll
    static void descriptorsAreReadTogetherWithAddresses() {
        NativeLibrary.libbcc();
    }

    private static Object call(Class<?> type, String method) throws ReflectiveOperationException {
        return type.getMethod(method).invoke(null);
    }

    private static HeaderAssertions headers(String library) {
        return new HeaderAssertions("\"" + System.getProperty("user.dir") + "/../native-headers/" + library + ".h\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"libbcc", "libbpf"})
    void everythingBoundIsAsTheHeaderDeclaresIt(String library) throws Exception {
        AllowList allowed = AllowList.of(library);
        HeaderAssertions assertions = headers(library);
        AbiAudit audit = new AbiAudit(assertions);
        String prefix = PACKAGE + library + ".";
        Class<?> header = Class.forName(prefix + library + "_h");
        for (String f : allowed.functions()) {
            audit.function(f, (FunctionDescriptor) call(header, f + "$descriptor"));
        }
        for (String s : allowed.structs()) {
            audit.struct(s, (GroupLayout) call(Class.forName(prefix + s), "layout"));
        }
        for (String c : allowed.callbacks()) {
            audit.callback(c, (FunctionDescriptor) call(Class.forName(prefix + c), "descriptor"));
        }
        for (String c : allowed.constants()) {
            audit.constant(c, (int) call(header, c));
        }
        assertThat(allowed.functions()).isNotEmpty();
        assertThat(assertions.size())
                .isGreaterThanOrEqualTo(allowed.functions().size()
                        + allowed.structs().size()
                        + allowed.callbacks().size()
                        + allowed.constants().size());
        assertThat(assertions.check()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"libbcc", "libbpf"})
    void nothingIsBoundThatIsNotAllowed(String library) throws Exception {
        Stream<String> bound = Stream.of(
                        Class.forName(PACKAGE + library + "." + library + "_h").getMethods())
                .map(Method::getName)
                .filter(n -> n.endsWith("$descriptor"))
                .map(n -> n.replace("$descriptor", ""));
        assertThat(bound)
                .containsExactlyInAnyOrderElementsOf(AllowList.of(library).functions());
    }

    @Test
    void aWrongDescriptorIsNamed() {
        HeaderAssertions assertions = headers("libbcc");
        AbiAudit audit = new AbiAudit(assertions);
        audit.function("bpf_num_tables", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        audit.function("bpf_table_fd_id", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG)); // returns int
        audit.function("bpf_table_name", FunctionDescriptor.of(ADDRESS, ADDRESS)); // takes an id, too
        audit.function("bpf_table_id", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG)); // takes a pointer
        audit.function("bpf_module_create_b", FunctionDescriptor.of(ADDRESS, ADDRESS)); // is no more
        audit.callback("SYM_CB", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)); // takes 64 bits
        assertThat(assertions.check())
                .doesNotContain("bpf_num_tables")
                .contains("bpf_table_fd_id is bound as (pointer,long)long")
                .contains("bpf_table_name is bound as (pointer)pointer")
                .contains("bpf_table_id is bound as (pointer,long)long")
                .contains("bpf_module_create_b is bound as (pointer)pointer")
                .contains("SYM_CB{} is bound as (pointer,int)int");
    }

    @Test
    void aWrongLayoutIsNamed() {
        HeaderAssertions assertions = headers("libbcc");
        AbiAudit audit = new AbiAudit(assertions);
        audit.struct(
                "bcc_symbol",
                MemoryLayout.structLayout(
                        ADDRESS.withName("name"),
                        ADDRESS.withName("module"),
                        ADDRESS.withName("demangle_name"),
                        JAVA_INT.withName("offset")));
        audit.constant("BCC_USDT_ARGUMENT_SCALE", 31);
        assertThat(assertions.check())
                .contains("struct bcc_symbol is bound with 28 bytes")
                .contains("struct bcc_symbol.module is bound at offset 8")
                .contains("struct bcc_symbol.demangle_name is bound at offset 16")
                .contains("struct bcc_symbol.offset is bound with 4 bytes")
                .contains("struct bcc_symbol.offset is bound as int")
                .contains("BCC_USDT_ARGUMENT_SCALE is bound as 31")
                .doesNotContain("struct bcc_symbol.name");
    }
}
