package io.github.bcc4j.tests;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.type.KernelStructs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Functions written for kprobes, run by a kernel that has none: as raw tracepoints, whose arguments are the test's. Kernel structs they
 * get pointers to are the test's as well: memory of a table, filled by the offsets in the kernel's BTF.
 *
 * <p>A raw tracepoint's twelve words are the first of x86-64's {@code pt_regs}: what a function returns and its fourth, fifth and sixth
 * arguments are among them, the first three are not.
 */
final class ProbeStage implements AutoCloseable {
    private static final int WORDS = 12;
    private static final int SIZE = 8192;
    private static final int THINGS = 24;

    private static final String MEMORY = """

            typedef u8 thing_t[8192];
            BPF_TABLE("array", int, thing_t, things, 24);
            BPF_ARRAY(begin, u64, 1);
            int tell_where_things_are(void *ctx) {
                int first = 0;
                u64 address = (u64)things.lookup(&first);
                if (address)
                    begin.update(&first, &address);
                return 0;
            }
            """;

    private final BPF bpf;
    private final BpfArray<byte[]> memory;
    private final KernelStructs structs = KernelStructs.running();
    private final long begin;
    private int made;

    ProbeStage(String text) {
        bpf = BPF.fromSource(text + MEMORY);
        memory = bpf.array("things", byte[].class);
        run("tell_where_things_are");
        begin = bpf.array("begin", Long.class).get(0);
    }

    BPF bpf() {
        return bpf;
    }

    /** What a function returns, 32 bits, if its arguments from the fourth on and the result of the probed function are these. */
    long run(String function, long... arguments) {
        bpf.program(function, ProgramType.KPROBE); // loads as what it is written for, too
        ByteBuffer words = ByteBuffer.allocate(WORDS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int[] registers = {11, 9, 8, 10}; // rcx, r8, r9, rax
        for (int i = 0; i < arguments.length; i++) {
            words.putLong(registers[i] * Long.BYTES, arguments[i]);
        }
        return bpf.program(function, ProgramType.RAW_TRACEPOINT).testRun(words.array());
    }

    /** What a function returns if the probed one returned this. */
    long runAtReturn(String function, long result) {
        return run(function, 0, 0, 0, result);
    }

    /** Where a field begins, in bytes. */
    int offset(String struct, String field) {
        return (int) (structs.offset(struct, field).orElseThrow() / Byte.SIZE);
    }

    /** Memory of zeroes, for a struct of the kernel's. */
    Thing thing(String struct) {
        if (made == THINGS) {
            throw new IllegalStateException("this stage has room for " + THINGS + " things");
        }
        return new Thing(struct, made++);
    }

    /** Memory of its own of which programs can be given the address. What is set is there at once. */
    final class Thing {
        private final String struct;
        private final int index;
        private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

        private Thing(String struct, int index) {
            this.struct = struct;
            this.index = index;
            set();
        }

        private Thing set() {
            memory.set(index, bytes.array());
            return this;
        }

        long address() {
            return begin + (long) index * SIZE;
        }

        int offset(String field) {
            return ProbeStage.this.offset(struct, field);
        }

        Thing u16(String field, int value) {
            return u16(offset(field), value);
        }

        Thing u16(int offset, int value) {
            bytes.putShort(offset, (short) value);
            return set();
        }

        Thing u32(String field, long value) {
            return u32(offset(field), value);
        }

        Thing u32(int offset, long value) {
            bytes.putInt(offset, (int) value);
            return set();
        }

        Thing u64(String field, long value) {
            return u64(offset(field), value);
        }

        Thing u64(int offset, long value) {
            bytes.putLong(offset, value);
            return set();
        }

        Thing text(int offset, String value) {
            bytes.put(offset, value.getBytes(StandardCharsets.US_ASCII));
            return set();
        }

        Thing text(String field, String value) {
            return text(offset(field), value);
        }
    }

    @Override
    public void close() {
        bpf.close();
    }
}
