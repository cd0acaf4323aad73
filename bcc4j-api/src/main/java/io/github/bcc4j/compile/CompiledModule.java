package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What a compile gives: a plain value that can be stored, compared and loaded into any number of kernels, with no LLVM in sight.
 *
 * <p>Thread-safe. Arrays are taken and given as they are: do not write to them. Equality is by content, warnings and origin apart.
 *
 * @param license the licence's name, {@code GPL} unless the C text says otherwise
 * @param kernelVersion {@code KERNEL_VERSION()} of the headers it was compiled with
 * @param btf the module's type information as raw BTF, empty if it has none
 * @param maps its maps, in creation order: the template of a map of maps comes before it
 * @param programs its functions, in alphabetical order
 * @param source the C text it was compiled from, as the user wrote it
 * @param warnings what the compiler had to say though it went well
 * @param kernel which kernels it fits
 * @param origin where it comes from
 */
public record CompiledModule(
        String license,
        int kernelVersion,
        byte[] btf,
        List<MapSpec> maps,
        List<ProgramSpec> programs,
        String source,
        List<Diagnostic> warnings,
        KernelFit kernel,
        Origin origin) {

    /** Checks the parts. */
    public CompiledModule {
        Objects.requireNonNull(license, "license");
        Objects.requireNonNull(btf, "btf");
        maps = List.copyOf(maps);
        programs = List.copyOf(programs);
        Objects.requireNonNull(source, "source");
        warnings = List.copyOf(warnings);
        Objects.requireNonNull(kernel, "kernel");
        Objects.requireNonNull(origin, "origin");
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

    /**
     * Stores the module.
     *
     * @param file where; a file that is there is replaced at once
     * @throws UncheckedIOException if it can't be written
     */
    public void write(Path file) {
        try {
            Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), ".bcc4j-", "");
            Files.write(draft, toBytes());
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("write the compiled module to " + file, e);
        }
    }

    /**
     * Reads a stored module.
     *
     * @param file where it is
     * @return an equal module
     * @throws IllegalArgumentException if it is something else, of another version, cut or altered
     * @throws UncheckedIOException if it can't be read
     */
    public static CompiledModule read(Path file) {
        try {
            return fromBytes(Wire.load(file, "compiled module")).from(new Origin(Origin.Kind.STORED, file.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException("read a compiled module from " + file, e);
        }
    }

    CompiledModule fitting(KernelFit fit) {
        return new CompiledModule(license, kernelVersion, btf, maps, programs, source, warnings, fit, origin);
    }

    CompiledModule from(Origin other) {
        return new CompiledModule(license, kernelVersion, btf, maps, programs, source, warnings, kernel, other);
    }

    CompiledModule withMaps(List<MapSpec> changed) {
        return new CompiledModule(license, kernelVersion, btf, changed, programs, source, warnings, kernel, origin);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof CompiledModule m
                && license.equals(m.license)
                && kernelVersion == m.kernelVersion
                && Arrays.equals(btf, m.btf)
                && maps.equals(m.maps)
                && programs.equals(m.programs)
                && source.equals(m.source)
                && kernel.equals(m.kernel);
    }

    @Override
    public int hashCode() {
        return Objects.hash(license, Arrays.hashCode(btf), maps, programs);
    }
}
