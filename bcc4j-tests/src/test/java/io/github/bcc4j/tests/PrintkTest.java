package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.event.TraceLine;
import io.github.bcc4j.event.TracePipe;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What programs print of the kernel's memory, of a process's and of packets. */
@Tag("native")
class PrintkTest {
    private static final String TEXT = """
            #include <linux/fs.h>
            #include <linux/blk-mq.h>
            #include <bcc/proto.h>

            int length(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct request *rq) {
                bpf_trace_printk("bcc4j length %d\\n", rq->__data_len);
                return 0;
            }
            int number(struct pt_regs *ctx, u64 a, u64 b, u64 c, int number) {
                bpf_trace_printk("bcc4j number 0x%x\\n", number);
                return 0;
            }
            int disk(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct request *rq) {
                bpf_trace_printk("bcc4j disk %s\\n", rq->q->disk->disk_name);
                return 0;
            }
            int name(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct file *file) {
                if (!file)
                    return 0;
                const char *name = file->f_path.dentry->d_name.name;
                bpf_trace_printk("bcc4j name %s\\n", name);
                return 0;
            }
            static void print(struct file *file) {
                if (!file)
                    return;
                const char *name = file->f_path.dentry->d_name.name;
                bpf_trace_printk("bcc4j helper %s\\n", name);
            }
            static void print_second(int unused, struct file *file) { print(file); }
            int by_helper(struct pt_regs *ctx, u64 a, u64 b, u64 c, struct file *file) {
                print(file);
                return 0;
            }
            int by_two_helpers(struct pt_regs *ctx, u64 a, u64 b, u64 c, int unused, struct file *file) {
                print_second(unused, file);
                return 0;
            }
            struct opened { const char *path; int flags; int mode; };
            int open(struct pt_regs *ctx, u64 a, u64 b, u64 c, const char *path, int flags, int mode) {
                struct opened o = {};
                o.path = path;
                o.flags = flags;
                o.mode = mode;
                bpf_trace_printk("bcc4j open %s %d %x\\n", o.path, o.flags, o.mode);
                return 0;
            }
            int packet(struct __sk_buff *skb) {
                u8 *cursor = 0;
                struct ethernet_t *ethernet = cursor_advance(cursor, sizeof(*ethernet));
                bpf_trace_printk("bcc4j packet %llx %llx\\n", ethernet->dst, ethernet->src);
                return 0;
            }
            """;

    @Test
    @Conforms("test_clang.py TestClang.test_printk")
    @Conforms("test_clang.py TestClang.test_iosnoop")
    @Conforms("test_clang.py TestClang.test_blk_start_request")
    @Conforms("test_clang.py TestClang.test_nested_probe_read")
    @Conforms("test_clang.py TestClang.test_char_array_probe")
    @Conforms("test_clang.py TestClang.test_probe_read_helper")
    @Conforms("test_clang.py TestClang.test_probe_struct_assign")
    void whatIsPrintedIsWhatLiesThere() {
        try (ProbeStage stage = new ProbeStage(TEXT);
                TracePipe pipe = stage.bpf().trace();
                Arena arena = Arena.ofConfined()) {
            long text = stage.thing("qstr").text(0, "passwd").address();
            long dentry = stage.thing("dentry").u64("d_name.name", text).address();
            long file = stage.thing("file").u64("f_path.dentry", dentry).address();
            long disk = stage.thing("gendisk").text("disk_name", "nvme7n1").address();
            long queue = stage.thing("request_queue").u64("disk", disk).address();
            long request = stage.thing("request")
                    .u64("q", queue)
                    .u32("__data_len", 8192)
                    .address();

            stage.run("length", request);
            stage.run("number", 0x7001_0000_0badL);
            stage.run("disk", request);
            stage.run("name", 0);
            stage.run("name", file);
            stage.run("by_helper", file);
            stage.run("by_two_helpers", 1, file);
            stage.run("open", arena.allocateFrom("/etc/motd").address(), 2, 0644);
            byte[] packet = new byte[64];
            packet[5] = 0x12;
            packet[6] = 0x34;
            stage.bpf().program("packet", ProgramType.SCHED_CLS).testRun(packet);

            assertThat(ours(pipe, 8))
                    .containsExactly(
                            "bcc4j length 8192",
                            "bcc4j number 0xbad",
                            "bcc4j disk nvme7n1",
                            "bcc4j name passwd",
                            "bcc4j helper passwd",
                            "bcc4j helper passwd",
                            "bcc4j open /etc/motd 2 1a4",
                            "bcc4j packet 12 340000000000");
        }
    }

    private static List<String> ours(TracePipe pipe, int count) {
        List<String> lines = new ArrayList<>();
        for (Optional<TraceLine> line = pipe.poll(Duration.ofSeconds(5));
                line.isPresent() && lines.size() < count;
                line = pipe.poll(Duration.ofMillis(200))) {
            line.map(TraceLine::message)
                    .filter(m -> m.matches("bcc4j [a-z]+ .*"))
                    .ifPresent(lines::add);
        }
        return lines;
    }
}
