package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.ffm.HeaderAssertions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the hand-made calls write, against the kernel's headers.
 *
 * <p>Each call is made with a value of its own for every parameter, so that the kernel refuses it; then the bytes it was given are
 * searched for each value, and the C compiler is asked whether the member of that name is there. No byte may be left unexplained.
 */
@Tag("native")
class LayoutAuditTest {
    private final HeaderAssertions assertions = new HeaderAssertions(
            "<linux/bpf.h>",
            "<linux/perf_event.h>",
            "<asm/unistd.h>",
            "<errno.h>",
            "<sys/epoll.h>",
            "<sys/mman.h>",
            "<sys/resource.h>",
            "<sys/socket.h>",
            "<sys/ioctl.h>",
            "<linux/if_packet.h>",
            "<linux/if_ether.h>",
            "<linux/netlink.h>",
            "<linux/rtnetlink.h>",
            "<linux/pkt_cls.h>",
            "<linux/pkt_sched.h>",
            "<sched.h>");

    /** A C struct as Java wrote it. */
    private final class Written {
        private final String type;
        private final MemorySegment bytes;

        Written(String type, MemorySegment bytes) {
            this.type = type;
            this.bytes = bytes;
        }

        Written u32(String member, int value) {
            return found(member, MemorySegment.ofArray(new int[] {value}));
        }

        Written u64(String member, long value) {
            return found(member, MemorySegment.ofArray(new long[] {value}));
        }

        /** A member of 16 bytes. */
        Written name(String member, String value) {
            byte[] bytes = new byte[16];
            System.arraycopy(value.getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, value.length());
            return found(member, MemorySegment.ofArray(bytes));
        }

        /** A pointer that the call made: the first 8 bytes that nothing else explains. */
        Written pointer(String member) {
            for (long at = 0; at < bytes.byteSize(); at += 8) {
                long value = bytes.get(JAVA_LONG, at);
                if (value != 0) {
                    return u64(member, value);
                }
            }
            throw new AssertionError(type + "." + member + " was not written");
        }

        private Written found(String member, MemorySegment value) {
            long size = value.byteSize();
            long at = 0;
            while (MemorySegment.mismatch(bytes, at, at + size, value, 0, size) != -1) {
                at += 4;
                if (at + size > bytes.byteSize()) {
                    throw new AssertionError(type + "." + member + " was not written");
                }
            }
            bytes.asSlice(at, size).fill((byte) 0);
            String what = type + "." + member + " is written at offset " + at + " with " + size + " bytes";
            String path = "((" + type + " *)0)->" + member;
            assertions.add(
                    "offsetof(" + type + ", " + member + ") == " + at + " && sizeof(" + path + ") == " + size, what);
            return this;
        }

        void andNothingElse() {
            assertThat(bytes.toArray(JAVA_BYTE)).as(type).containsOnly(0);
        }
    }

    /** The attribute block of the call just made by this thread, which the kernel must have refused. */
    private Written bpfAttr(long refused) {
        assertThat(refused).isNegative();
        return new Written("union bpf_attr", Bpf.ATTR.get());
    }

    private static MemorySegment at(long address) {
        return MemorySegment.ofAddress(address);
    }

    private void assertAllHold() {
        assertThat(assertions.size()).isPositive();
        assertThat(assertions.check()).isEmpty();
    }

    @Test
    void maps() {
        bpfAttr(BpfMaps.create(
                        new BpfMaps.Attr("fifteen_letters", 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009)))
                .u32("map_type", 1001)
                .u32("key_size", 1002)
                .u32("value_size", 1003)
                .u32("max_entries", 1004)
                .u32("map_flags", 1005)
                .u32("inner_map_fd", 1006)
                .name("map_name", "fifteen_letters")
                .u32("btf_fd", 1007)
                .u32("btf_key_type_id", 1008)
                .u32("btf_value_type_id", 1009)
                .andNothingElse();
        bpfAttr(BpfMaps.update(1 << 20, at(1002), at(1003), 1004))
                .u32("map_fd", 1 << 20)
                .u64("key", 1002)
                .u64("value", 1003)
                .u64("flags", 1004)
                .andNothingElse();
        bpfAttr(BpfMaps.nextKey(1 << 20, at(1002), at(1003)))
                .u32("map_fd", 1 << 20)
                .u64("key", 1002)
                .u64("next_key", 1003)
                .andNothingElse();
        MemorySegment count = Arena.ofAuto().allocateFrom(JAVA_INT, 1006);
        bpfAttr(BpfMaps.lookupBatch(1 << 20, at(1002), at(1003), at(1004), at(1005), count))
                .u64("batch.in_batch", 1002)
                .u64("batch.out_batch", 1003)
                .u64("batch.keys", 1004)
                .u64("batch.values", 1005)
                .u32("batch.count", 1006)
                .u32("batch.map_fd", 1 << 20)
                .andNothingElse();
        assertAllHold();
    }

    @Test
    void programs() {
        Bpf.ProgramAttr program = new Bpf.ProgramAttr(
                "fifteen_letters",
                1001,
                1002,
                new byte[24],
                "GPL",
                1003,
                1004,
                1005,
                8,
                new byte[16],
                16,
                new byte[96]);
        MemorySegment log = Arena.ofAuto().allocate(1008);
        bpfAttr(Bpf.programLoad(program, new Bpf.Target(1009, 1 << 20, 1010), 1007, log))
                .u64("log_buf", log.address())
                .u32("prog_type", 1001)
                .u32("attach_btf_id", 1009)
                .u32("attach_btf_obj_fd", 1 << 20)
                .u32("prog_ifindex", 1010)
                .u32("expected_attach_type", 1002)
                .u32("kern_version", 1003)
                .u32("prog_flags", 1004)
                .u32("prog_btf_fd", 1005)
                .u32("log_level", 1007)
                .u32("log_size", 1008)
                .name("prog_name", "fifteen_letters")
                .u32("insn_cnt", 3)
                .u32("func_info_rec_size", 8)
                .u32("func_info_cnt", 2)
                .u32("line_info_rec_size", 16)
                .u32("line_info_cnt", 6)
                .pointer("insns")
                .pointer("license")
                .pointer("func_info")
                .pointer("line_info")
                .andNothingElse();
        bpfAttr(Bpf.btfLoad(new byte[1001], log))
                .u64("btf_log_buf", log.address())
                .u32("btf_size", 1001)
                .u32("btf_log_size", 1008)
                .u32("btf_log_level", 1)
                .pointer("btf")
                .andNothingElse();
        bpfAttr(Bpf.testRun(
                                1 << 20,
                                at(1001).reinterpret(1002),
                                at(1006).reinterpret(1007),
                                at(1003).reinterpret(1004),
                                1005)
                        .result())
                .u32("test.prog_fd", 1 << 20)
                .u64("test.data_in", 1001)
                .u32("test.data_size_in", 1002)
                .u64("test.data_out", 1006)
                .u32("test.data_size_out", 1007)
                .u64("test.ctx_in", 1003)
                .u32("test.ctx_size_in", 1004)
                .u32("test.repeat", 1005)
                .andNothingElse();
        assertAllHold();
    }

    @Test
    void linksIdsAndPins() {
        bpfAttr(Bpf.rawTracepointOpen("sys_enter", 1 << 20))
                .u32("raw_tracepoint.prog_fd", 1 << 20)
                .pointer("raw_tracepoint.name")
                .andNothingElse();
        bpfAttr(Bpf.linkPerfEvent(1 << 20, 1 << 21, 1003))
                .u32("link_create.prog_fd", 1 << 20)
                .u32("link_create.target_fd", 1 << 21)
                .u32("link_create.attach_type", 41)
                .u64("link_create.perf_event.bpf_cookie", 1003)
                .andNothingElse();
        assertions.add("BPF_PERF_EVENT == 41", "BPF_PERF_EVENT is written as 41");
        bpfAttr(Bpf.pin(1 << 20, "/no/such/folder/x"))
                .u32("bpf_fd", 1 << 20)
                .pointer("pathname")
                .andNothingElse();
        bpfAttr(Bpf.openPinned("/no/such/folder/x")).pointer("pathname").andNothingElse();
        bpfAttr(Bpf.info(1 << 20, at(1001).reinterpret(1002)))
                .u32("info.bpf_fd", 1 << 20)
                .u64("info.info", 1001)
                .u32("info.info_len", 1002)
                .andNothingElse();
        bpfAttr(Bpf.btfById(-2)).u32("btf_id", -2).andNothingElse();
        bpfAttr(Bpf.mapById(-2)).u32("map_id", -2).andNothingElse();
        bpfAttr(Bpf.nextMapId(-2)).u32("start_id", -2).andNothingElse();
        bpfAttr(Bpf.nextProgramId(-2)).u32("start_id", -2).andNothingElse();
        assertions.add("offsetof(union bpf_attr, next_id) == 4", "union bpf_attr.next_id is read at offset 4");
        bpfAttr(Bpf.nextBtfId(-2)).u32("start_id", -2).andNothingElse();
        assertions.add("offsetof(union bpf_attr, test.retval) == 4", "union bpf_attr.test.retval is read at offset 4");
        assertions.add("offsetof(union bpf_attr, test.duration) == 36", "union bpf_attr.test.duration is read at 36");
        assertAllHold();
    }

    @Test
    void attachments() {
        bpfAttr(BpfAttach.link(1 << 20, 1002, 1003, 1004))
                .u32("link_create.prog_fd", 1 << 20)
                .u32("link_create.target_fd", 1002)
                .u32("link_create.attach_type", 1003)
                .u32("link_create.flags", 1004)
                .andNothingElse();
        bpfAttr(BpfAttach.linkKprobes(1 << 20, List.of("a", "b", "c"), true))
                .u32("link_create.prog_fd", 1 << 20)
                .u32("link_create.attach_type", 42)
                .u32("link_create.kprobe_multi.flags", 1)
                .u32("link_create.kprobe_multi.cnt", 3)
                .pointer("link_create.kprobe_multi.syms")
                .andNothingElse();
        assertions.add("BPF_TRACE_KPROBE_MULTI == 42", "BPF_TRACE_KPROBE_MULTI is written as 42");
        assertions.add("BPF_F_KPROBE_MULTI_RETURN == 1", "BPF_F_KPROBE_MULTI_RETURN is written as 1");
        bpfAttr(BpfAttach.linkIterator(1 << 20, 1002))
                .u32("link_create.prog_fd", 1 << 20)
                .u32("link_create.attach_type", 28)
                .u32("link_create.iter_info_len", 16)
                .pointer("link_create.iter_info")
                .andNothingElse();
        assertions.add("BPF_TRACE_ITER == 28", "BPF_TRACE_ITER is written as 28");
        assertions.add("offsetof(union bpf_iter_link_info, map.map_fd) == 0", "the iterator's map is written first");
        bpfAttr(BpfAttach.tracing(1 << 20))
                .u32("raw_tracepoint.prog_fd", 1 << 20)
                .andNothingElse();
        assertions.add(
                "offsetof(struct bpf_btf_info, name) == 16 && offsetof(struct bpf_btf_info, name_len) == 24"
                        + " && offsetof(struct bpf_btf_info, kernel_btf) == 28",
                "struct bpf_btf_info");
        bpfAttr(BpfAttach.iterator(1 << 20)).u32("iter_create.link_fd", 1 << 20).andNothingElse();
        bpfAttr(BpfAttach.attach(1 << 20, 1 << 21, 1003, 1004))
                .u32("attach_bpf_fd", 1 << 20)
                .u32("target_fd", 1 << 21)
                .u32("attach_type", 1003)
                .u32("attach_flags", 1004)
                .andNothingElse();
        bpfAttr(BpfAttach.detach(1 << 20, 1 << 21, 1003))
                .u32("attach_bpf_fd", 1 << 20)
                .u32("target_fd", 1 << 21)
                .u32("attach_type", 1003)
                .andNothingElse();
        assertAllHold();
    }

    @Test
    void perfEvents() {
        MemorySegment attr =
                PerfEvent.encode(new PerfEvent.Attr(1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008), Arena.ofAuto());
        String type = "struct perf_event_attr";
        assertions.add("PERF_ATTR_SIZE_VER5 == " + attr.byteSize(), type + " is written with its size of version 5");
        new Written(type, attr)
                .u32("type", 1001)
                .u32("size", (int) attr.byteSize())
                .u64("config", 1002)
                .u64("sample_period", 1003)
                .u64("sample_type", 1004)
                .u32("wakeup_events", 1006)
                .u64("config1", 1007)
                .u64("config2", 1008);
        // The bit-fields have no offset; they are the word after read_format.
        assertions.add(
                "offsetof(" + type + ", read_format) + 8 == 40", type + "'s bit-fields are written at offset 40");
        assertThat(attr.get(JAVA_LONG, 40)).isEqualTo(1005);
        assertions.add("PERF_TYPE_SOFTWARE == " + PerfEvent.TYPE_SOFTWARE, "PERF_TYPE_SOFTWARE");
        assertions.add("PERF_TYPE_TRACEPOINT == " + PerfEvent.TYPE_TRACEPOINT, "PERF_TYPE_TRACEPOINT");
        assertions.add("PERF_COUNT_SW_BPF_OUTPUT == " + PerfEvent.SW_BPF_OUTPUT, "PERF_COUNT_SW_BPF_OUTPUT");
        assertions.add("PERF_SAMPLE_RAW == " + PerfEvent.SAMPLE_RAW, "PERF_SAMPLE_RAW");
        assertAllHold();
    }

    @Test
    void polling() {
        assertions.add("offsetof(struct epoll_event, data) == " + Linux.EPOLL_DATA, "struct epoll_event.data");
        assertions.add("sizeof(struct epoll_event) == " + Linux.EPOLL_SIZE, "struct epoll_event");
        assertions.add("EPOLLIN == 1 && EPOLL_CTL_ADD == 1 && EPOLL_CLOEXEC == 02000000", "epoll's constants");
        assertAllHold();
    }

    /** Names are the kernel's: BPF_MAP_CREATE is MAP_CREATE in {@link Bpf}, __NR_epoll_ctl EPOLL_CTL in {@link CallNumbers}. */
    @Test
    void numbers() throws IllegalAccessException {
        Set<String> notCommands = Set.of("ATTR_SIZE", "NAME_LENGTH", "BPF");
        for (Field f : Bpf.class.getDeclaredFields()) {
            if (f.getType() == int.class && !notCommands.contains(f.getName())) {
                same("BPF_" + f.getName(), f);
            }
        }
        for (Field f : BpfAttach.class.getDeclaredFields()) {
            same("BPF_" + f.getName(), f);
        }
        for (Class<?> c : List.of(Sockets.class, Netlink.class, TrafficControl.class)) {
            for (Field f : c.getDeclaredFields()) {
                if (f.getName()
                        .matches(
                                "(SOL|SO|PACKET|MSG|AF|SOCK|ETH|SIOC|CLONE|NETLINK|NLM|NLMSG|NLMSGERR|RTM|TCA|TC)_?[A-Z_]*")) {
                    same(f.getName(), f);
                }
            }
        }
        for (Field f : CallNumbers.class.getDeclaredFields()) {
            same("__NR_" + f.getName().toLowerCase(Locale.ROOT), f);
        }
        for (Field f : Linux.class.getDeclaredFields()) {
            if (f.getName().matches("(RLIMIT|PROT)_.*")) {
                same(f.getName(), f);
            }
        }
        for (Field f : Errno.class.getDeclaredFields()) {
            if (f.getType() == int.class && !f.getName().equals("ENOTSUPP")) { // the kernel's own, in no user header
                same(f.getName(), f);
            }
        }
        for (int errno = 1; errno < 200; errno++) {
            if (!Errno.name(errno).contains(" ")) {
                assertions.add(Errno.name(errno) + " == " + errno, Errno.name(errno) + " is known as " + errno);
            }
        }
        assertThat(assertions.size()).isGreaterThan(80);
        assertAllHold();
    }

    private void same(String constant, Field field) throws IllegalAccessException {
        field.setAccessible(true);
        assertions.add(constant + " == " + field.getInt(null), constant + " is known as " + field.getInt(null));
    }

    @Test
    void aMemberElsewhereIsNamed() {
        MemorySegment bytes = Arena.ofAuto().allocate(16, 8);
        bytes.set(JAVA_INT, 4, 7);
        new Written("union bpf_attr", bytes).u32("map_type", 7).andNothingElse();
        assertThat(assertions.check()).contains("union bpf_attr.map_type is written at offset 4 with 4 bytes");
    }
}
