package io.github.bcc4j.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.attach.Tracepoint.Field;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TracepointTest {
    @Test
    void fieldsAreReadFromTheFormat() {
        Tracepoint tracepoint = Tracepoint.parse("demo", "thing", """
                name: thing
                ID: 365
                format:
                \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
                \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

                \tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:0;
                \tfield:pid_t pid;\toffset:12;\tsize:4;\tsigned:1;
                \tfield:const char __attribute__((user)) * path;\toffset:16;\tsize:8;\tsigned:0;
                \tfield:char comm[16];\toffset:24;\tsize:16;\tsigned:0;
                \tfield:__u8 saddr_v6[TASK_COMM_LEN][2];\toffset:40;\tsize:32;
                \tfield:void *skbaddr;\toffset:72;\tsize:8;\tsigned:0;

                print fmt: "filename=%s field:%d", __get_str(filename), REC->pid
                """);
        assertThat(tracepoint.fields())
                .containsExactly(
                        new Field("filename", "__data_loc char[]", 8, 4, false),
                        new Field("pid", "pid_t", 12, 4, true),
                        new Field("path", "const char __attribute__((user)) *", 16, 8, false),
                        new Field("comm", "char[16]", 24, 16, false),
                        new Field("saddr_v6", "__u8[TASK_COMM_LEN][2]", 40, 32, false),
                        new Field("skbaddr", "void *", 72, 8, false));
        assertThat(tracepoint.fields())
                .filteredOn(Field::isDynamic)
                .extracting(Field::name)
                .containsExactly("filename");
        assertThat(tracepoint.field("pid")).map(Field::offset).contains(12);
        assertThat(tracepoint.field("common_pid")).isEmpty();
        assertThat(new Tracepoint(
                        "a",
                        "b",
                        List.of(tracepoint.fields().get(1), tracepoint.fields().get(3))))
                .hasToString("a:b(pid_t pid, char[16] comm)");
    }

    @Test
    @Tag("native")
    void thoseOfTheRunningKernelAreListedWithTheirFields() {
        List<Tracepoint> found = BPF.tracepoints(Pattern.compile("sched:sched_(switch|wakeup)"));
        assertThat(found).extracting(Tracepoint::name).containsExactly("sched_switch", "sched_wakeup");
        assertThat(found.getFirst().field("next_comm")).map(Field::type).contains("char[16]");
        assertThat(Tracepoint.matching(Pattern.compile(".*")))
                .hasSizeGreaterThan(500)
                .allSatisfy(t -> assertThat(t.fields())
                        .allMatch(f -> !f.name().isEmpty() && !f.type().isEmpty()));
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> Tracepoint.of("sched:nosuch"))
                .withMessage("this kernel has no tracepoint sched:nosuch");
        assertThat(BPF.kprobeFunctions(Pattern.compile("vfs_(read|write)")))
                .containsExactlyInAnyOrder("vfs_read", "vfs_write");
    }
}
