package io.github.bcc4j.compile.child;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.KernelFit;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.compile.Origin;
import io.github.bcc4j.compile.ProgramSpec;
import io.github.bcc4j.ffm.ImportPatcher;
import io.github.bcc4j.ffm.NativeFunctions;
import io.github.bcc4j.ffm.NativeLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One compile with libbcc in this process. Not for two threads at once: libbcc can't do that. */
public final class Engine {
    /** The hidden map that carries the text's struct types into the BTF, and the start of its function's name. */
    public static final String CARRIER = "__bcc4j_types";

    private static final int BPF_PROG_TYPE_KPROBE = 2;
    private static final Origin HERE = new Origin(Origin.Kind.COMPILED, "");

    private final NativeFunctions libbcc;
    private final Recorder recorder;
    private final CompileRequest request;
    private final Path scratch;

    private Engine(CompileRequest request, Path scratch) throws IOException {
        this.request = request;
        this.scratch = scratch;
        for (int i = 0; i + 1 < request.formats().size(); i += 2) {
            Files.writeString(
                    scratch.resolve(request.formats().get(i).replace("/", "__")),
                    request.formats().get(i + 1));
        }
        NativeLibrary.libbcc();
        this.libbcc = new NativeFunctions(NativeLibrary::find);
        NativeFunctions libstdcxx = NativeFunctions.of("libstdc++.so.6");
        this.recorder = new Recorder(libbcc, libstdcxx, scratch, request.probeReadKernel());
    }

    /**
     * Compiles.
     *
     * @param request what
     * @param scratch a private folder for files; what the compile read is left there as an {@link InputTrace}
     * @return the module, or nothing if libbcc found errors, which it has printed
     * @throws IOException if the folder can't be written
     */
    public static Optional<CompiledModule> compile(CompileRequest request, Path scratch) throws IOException {
        Engine engine = new Engine(request, scratch);
        Map<String, MemorySegment> replacements = new HashMap<>(engine.recorder.replacements());
        replacements.putAll(new ElementReads(engine.libbcc).replacements());
        ImportPatcher patch = ImportPatcher.patch("libbcc.so", replacements);
        try {
            Optional<CompiledModule> module = engine.compile();
            InputTrace.write(scratch, engine.recorder.opened());
            return module;
        } finally {
            patch.close();
        }
    }

    private Optional<CompiledModule> compile() {
        try (Arena arena = Arena.ofConfined()) {
            libbcc.call(
                    "setenv",
                    arena.allocateFrom("BCC_KERNEL_SOURCE").address(),
                    arena.allocateFrom(request.kernelHeaders()).address(),
                    1);
            List<String> flags = new ArrayList<>(request.cflags());
            flags.addAll(InputTrace.flags(scratch));
            flags.add(ElementReads.FLAG);
            MemorySegment array = arena.allocate(ADDRESS, flags.size() + 1L);
            for (int i = 0; i < flags.size(); i++) {
                array.setAtIndex(ADDRESS, i, arena.allocateFrom(flags.get(i)));
            }
            long module = libbcc.call(
                    "bpf_module_create_c_from_string",
                    arena.allocateFrom(request.source()).address(),
                    request.debugFlags(),
                    array.address(),
                    flags.size(),
                    0,
                    0);
            libbcc.call("fflush", 0); // what libbcc printed through C's buffers
            if (module == 0) {
                return Optional.empty();
            }
            try {
                return Optional.of(read(module, arena));
            } finally {
                libbcc.call("bpf_module_destroy", module);
            }
        }
    }

    private CompiledModule read(long module, Arena arena) {
        List<MapSpec> maps = new ArrayList<>();
        int[] newIndex = new int[recorder.maps().size()];
        for (int i = 0; i < newIndex.length; i++) {
            Recorder.RecordedMap map = recorder.maps().get(i);
            newIndex[i] = maps.size();
            if (!map.name().equals(CARRIER)) {
                maps.add(describe(module, map, i, newIndex, arena));
            }
        }
        int tables = (int) libbcc.call("bpf_num_tables", module);
        if (tables != recorder.maps().size()) {
            throw new IllegalStateException("libbcc has " + tables + " tables, but asked for "
                    + recorder.maps().size() + " maps: this build of libbcc can't be recorded");
        }
        LineRewriter lines = new LineRewriter(recorder.btf(), request.fileName(), request.userSource());
        List<ProgramSpec> programs = new ArrayList<>();
        long functions = libbcc.call("bpf_num_functions", module);
        for (long i = 0; i < functions; i++) {
            if (!libbcc.callString("bpf_function_name", module, i).startsWith(CARRIER)) {
                programs.add(program(module, i, newIndex, lines, arena));
            }
        }
        return new CompiledModule(
                libbcc.callString("bpf_module_license", module),
                (int) libbcc.call("bpf_module_kern_version", module),
                lines.btf(),
                maps,
                programs,
                request.userSource(),
                List.of(),
                KernelFit.ANY,
                HERE);
    }

    private MapSpec describe(long module, Recorder.RecordedMap map, int index, int[] newIndex, Arena arena) {
        long name = arena.allocateFrom(map.name()).address();
        long id = libbcc.call("bpf_table_id", module, name);
        List<String> fields = new ArrayList<>();
        long n = libbcc.call("bpf_perf_event_fields", module, name);
        for (long i = 0; i < n; i++) {
            fields.add(libbcc.callString("bpf_perf_event_field", module, name, i));
        }
        int inner = Recorder.indexOf(map.innerFd());
        return new MapSpec(
                map.name(),
                map.type(),
                map.keySize(),
                map.valueSize(),
                map.maxEntries(),
                map.flags(),
                map.btfKey(),
                map.btfValue(),
                inner < 0 ? -1 : newIndex[inner],
                Optional.ofNullable(recorder.pin(index)),
                false,
                libbcc.callString("bpf_table_key_desc_id", module, id),
                libbcc.callString("bpf_table_leaf_desc_id", module, id),
                fields);
    }

    private ProgramSpec program(long module, long i, int[] newIndex, LineRewriter lines, Arena arena) {
        String name = libbcc.callString("bpf_function_name", module, i);
        long code = libbcc.call("bpf_function_start_id", module, i);
        long size = libbcc.call("bpf_function_size_id", module, i);
        long license = libbcc.call("bpf_module_license", module);
        libbcc.call(
                "bcc_func_load",
                module,
                BPF_PROG_TYPE_KPROBE,
                arena.allocateFrom(name).address(),
                code,
                size,
                license,
                0,
                0,
                0,
                0,
                0,
                -1);
        Recorder.RecordedProgram p = recorder.program();
        if (p == null || p.code().length != size) {
            throw new IllegalStateException(
                    "program " + name + " was not recorded: this build of libbcc can't be recorded");
        }
        return new ProgramSpec(
                name,
                mapsByIndex(name, p.code(), newIndex),
                p.functionInfoSize(),
                p.functionInfo(),
                p.lineInfoSize(),
                lines.rewrite(p.lineInfo(), p.lineInfoSize()));
    }

    /** Replaces made-up descriptors in the bytecode by map indexes; every one must be known. */
    private static byte[] mapsByIndex(String name, byte[] code, int[] newIndex) {
        return MapReferences.replace(code, descriptor -> {
            int index = Recorder.indexOf(descriptor);
            if (index < 0 || index >= newIndex.length) {
                throw new IllegalStateException("program " + name + " uses a map that was not recorded");
            }
            return newIndex[index];
        });
    }
}
