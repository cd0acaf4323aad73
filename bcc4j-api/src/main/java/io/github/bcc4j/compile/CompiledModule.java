package io.github.bcc4j.compile;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What a compile gives: a plain value that can be stored, compared and loaded into any number of kernels, with no LLVM in sight.
 *
 * <p>Thread-safe. Arrays are taken and given as they are: do not write to them. Equality is by content, warnings apart.
 *
 * @param license the licence's name, {@code GPL} unless the C text says otherwise
 * @param kernelVersion {@code KERNEL_VERSION()} of the headers it was compiled with
 * @param btf the module's type information as raw BTF, empty if it has none
 * @param maps its maps, in creation order: the template of a map of maps comes before it
 * @param programs its functions, in alphabetical order
 * @param source the C text it was compiled from, as the user wrote it
 * @param warnings what the compiler had to say though it went well
 */
public record CompiledModule(
        String license,
        int kernelVersion,
        byte[] btf,
        List<MapSpec> maps,
        List<ProgramSpec> programs,
        String source,
        List<Diagnostic> warnings) {

    /** Checks the parts. */
    public CompiledModule {
        Objects.requireNonNull(license, "license");
        Objects.requireNonNull(btf, "btf");
        maps = List.copyOf(maps);
        programs = List.copyOf(programs);
        Objects.requireNonNull(source, "source");
        warnings = List.copyOf(warnings);
    }

    /**
     * The binary form, for storing.
     *
     * @return a whole file, with a checksum
     */
    public byte[] toBytes() {
        return ModuleFormat.write(this);
    }

    /**
     * Reads the binary form.
     *
     * @param file of {@link #toBytes}
     * @return an equal module
     * @throws IllegalArgumentException if it is something else, of another version, cut or altered
     */
    public static CompiledModule fromBytes(byte[] file) {
        return ModuleFormat.read(file);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof CompiledModule m
                && license.equals(m.license)
                && kernelVersion == m.kernelVersion
                && Arrays.equals(btf, m.btf)
                && maps.equals(m.maps)
                && programs.equals(m.programs)
                && source.equals(m.source);
    }

    @Override
    public int hashCode() {
        return Objects.hash(license, Arrays.hashCode(btf), maps, programs);
    }
}
