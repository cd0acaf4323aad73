package io.github.bcc4j.compile.child;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.bcc4j.ffm.NativeFunctions;
import io.github.bcc4j.ffm.linux.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Stands where libbcc expects the kernel: answers its calls to make maps, load BTF and programs and look at kernel symbols, and
 * remembers them. Nothing reaches the kernel, so a compile needs no privilege.
 *
 * <p>The calls are caught where libbcc leaves its own front-end ({@code bcc_create_map_xattr} and its like), above libbpf: names are
 * whole there, and libbpf's own probing of the kernel never happens. Methods called from C never throw, and have the six parameters of
 * a stub: {@code p4} and so on are none of the C function's.
 */
final class Recorder {
    private static final int FIRST_FAKE = 0x1BCC0000;
    private static final int LAST_FAKE = 0x1BCCFFFF;
    private static final MemorySegment MEMORY = NativeFunctions.memory();

    /** A map as libbcc asked for it. */
    record RecordedMap(
            String name,
            int type,
            int flags,
            int keySize,
            int valueSize,
            int maxEntries,
            int btfKey,
            int btfValue,
            int innerFd) {}

    /** A program as libbcc asked for it. */
    record RecordedProgram(byte[] code, int functionInfoSize, byte[] functionInfo, int lineInfoSize, byte[] lineInfo) {}

    private final NativeFunctions libbcc;
    private final NativeFunctions libstdcxx;
    private final Path formats;
    private final boolean probeReadKernel;
    private final Map<String, MemorySegment> stubs = new HashMap<>();
    private final List<RecordedMap> maps = new ArrayList<>();
    private final Map<Integer, String> pins = new HashMap<>();
    private final Set<String> opened = new TreeSet<>();
    private byte[] btf = new byte[0];
    private RecordedProgram program;

    Recorder(NativeFunctions libbcc, NativeFunctions libstdcxx, Path formats, boolean probeReadKernel) {
        this.libbcc = libbcc;
        this.libstdcxx = libstdcxx;
        this.formats = formats;
        this.probeReadKernel = probeReadKernel;
        stub("bcc_create_map_xattr", "createMap");
        stub("bcc_prog_load_xattr", "loadProgram");
        stub("btf__load_into_kernel", "loadBtf");
        stub("btf__load", "loadBtf");
        stub("bpf_obj_get", "absent");
        stub("bpf_obj_pin", "pin");
        stub("bcc_make_parent_dir", "succeed");
        stub("bcc_check_bpffs_path", "succeed");
        stub("close", "close");
        stub("dup", "dup");
        stub("geteuid", "succeed");
        stub("bcc_symcache_new", "succeed");
        stub("bcc_free_symcache", "succeed");
        stub("bcc_symcache_resolve_name", "resolveName");
        stub(FILEBUF_OPEN, "openFile");
    }

    private static final String FILEBUF_OPEN = "_ZNSt13basic_filebufIcSt11char_traitsIcEE4openEPKcSt13_Ios_Openmode";

    Map<String, MemorySegment> replacements() {
        return stubs;
    }

    List<RecordedMap> maps() {
        return maps;
    }

    /** The files that libbcc itself has read. */
    Set<String> opened() {
        return opened;
    }

    byte[] btf() {
        return btf;
    }

    String pin(int index) {
        return pins.get(FIRST_FAKE + index);
    }

    RecordedProgram program() {
        return program;
    }

    /** The index of the map that got this descriptor, -1 if it is none of ours. */
    static int indexOf(int fd) {
        return fd >= FIRST_FAKE && fd <= LAST_FAKE ? fd - FIRST_FAKE : -1;
    }

    private void stub(String symbol, String method) {
        try {
            stubs.put(symbol, NativeFunctions.stub(MethodHandles.lookup().bind(this, method, NativeFunctions.STUB)));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code struct bcc_create_map_attr}: name, then 4-byte words. */
    private long createMap(long attr, long allowRlimit, long p4, long p5, long p6, long p7) {
        maps.add(new RecordedMap(
                MEMORY.getString(MEMORY.get(JAVA_LONG, attr)),
                MEMORY.get(JAVA_INT, attr + 8),
                MEMORY.get(JAVA_INT, attr + 12),
                MEMORY.get(JAVA_INT, attr + 16),
                MEMORY.get(JAVA_INT, attr + 20),
                MEMORY.get(JAVA_INT, attr + 24),
                MEMORY.get(JAVA_INT, attr + 36),
                MEMORY.get(JAVA_INT, attr + 40),
                MEMORY.get(JAVA_INT, attr + 48)));
        return FIRST_FAKE + maps.size() - 1L;
    }

    /** {@code bcc_prog_load_xattr(type, name, license, insns, opts, len, ...)}, {@code struct bpf_prog_load_opts}. */
    private long loadProgram(long type, long name, long license, long code, long opts, long length) {
        int functions = MEMORY.get(JAVA_INT, opts + 64);
        int functionSize = MEMORY.get(JAVA_INT, opts + 68);
        int lines = MEMORY.get(JAVA_INT, opts + 80);
        int lineSize = MEMORY.get(JAVA_INT, opts + 84);
        program = new RecordedProgram(
                bytes(code, (int) length),
                functionSize,
                bytes(MEMORY.get(JAVA_LONG, opts + 56), functions * functionSize),
                lineSize,
                bytes(MEMORY.get(JAVA_LONG, opts + 72), lines * lineSize));
        return LAST_FAKE;
    }

    private static byte[] bytes(long address, int length) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(MEMORY, ValueLayout.JAVA_BYTE, address, bytes, 0, length);
        return bytes;
    }

    private long loadBtf(long handle, long p4, long p5, long p6, long p7, long p8) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(JAVA_INT);
            String raw = libbcc.find("btf__raw_data").isPresent() ? "btf__raw_data" : "btf__get_raw_data";
            long data = libbcc.call(raw, handle, size.address());
            if (data == 0) {
                return -1;
            }
            btf = bytes(data, size.get(JAVA_INT, 0));
            return 0;
        } catch (RuntimeException e) {
            return -1; // libbcc then goes on without BTF
        }
    }

    private long absent(long path, long p4, long p5, long p6, long p7, long p8) {
        return -1;
    }

    private long pin(long fd, long path, long p4, long p5, long p6, long p7) {
        pins.put((int) fd, MEMORY.getString(path));
        return 0;
    }

    private long succeed(long a, long p4, long p5, long p6, long p7, long p8) {
        return 0;
    }

    private long close(long fd, long p4, long p5, long p6, long p7, long p8) {
        return indexOf((int) fd) >= 0 ? 0 : Linux.close((int) fd);
    }

    private long dup(long fd, long p4, long p5, long p6, long p7, long p8) {
        return indexOf((int) fd) >= 0 ? fd : Linux.dup((int) fd);
    }

    /** libbcc asks whether {@code bpf_probe_read_kernel} and {@code bpf_probe_read_user} are there, nothing else. */
    private long resolveName(long resolver, long module, long name, long address, long p4, long p5) {
        return probeReadKernel ? 0 : -1;
    }

    /** {@code std::filebuf::open}: a tracepoint's format file is the request's, not this machine's. */
    private long openFile(long filebuf, long path, long mode, long p4, long p5, long p6) {
        String[] parts = MEMORY.getString(path).split("/");
        int n = parts.length;
        if (n > 3 && parts[n - 1].equals("format") && parts[n - 4].equals("events")) {
            try (Arena arena = Arena.ofConfined()) {
                String ours = formats + "/" + parts[n - 3] + "__" + parts[n - 2];
                return libstdcxx.call(
                        FILEBUF_OPEN, filebuf, arena.allocateFrom(ours).address(), mode);
            }
        }
        opened.add(MEMORY.getString(path));
        return libstdcxx.call(FILEBUF_OPEN, filebuf, path, mode);
    }
}
