package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.compile.child.MadeHeaders;
import io.github.bcc4j.ffm.LibraryFile;
import io.github.bcc4j.ffm.LibraryVersion;
import io.github.bcc4j.ffm.NativeLibrary;
import io.github.bcc4j.kernel.KernelHeaders;
import io.github.bcc4j.kernel.KernelVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which kernel headers a request is compiled with, and the cures for the known frictions between them and the libbcc at hand.
 *
 * @param headers the headers, null for those that come with the request
 * @param standIn whether they are another kernel's, which is well for texts that include nothing kernel-specific
 */
record HeaderChoice(KernelHeaders headers, boolean standIn) {
    private static final HeaderChoice MADE = new HeaderChoice(null, false);

    static HeaderChoice of(CompileRequest request) {
        if (request.madeHeaders().present()) {
            return MADE;
        }
        String release = request.kernelRelease();
        List<String> tried = new ArrayList<>();
        List<Path> places = request.kernelHeaders().isEmpty()
                ? KernelHeaders.places(release, System.getenv())
                : List.of(Path.of(request.kernelHeaders()));
        for (Path place : places) {
            Optional<KernelHeaders> headers = KernelHeaders.at(place);
            if (headers.isPresent()) {
                return new HeaderChoice(headers.get(), false);
            }
            tried.add(place + ": " + (place.toFile().exists() ? "no include/linux/kconfig.h in it" : "not there"));
        }
        List<KernelHeaders> others = KernelHeaders.installed();
        if (request.stableIncludesOnly() && request.kernelHeaders().isEmpty() && !others.isEmpty()) {
            return new HeaderChoice(others.getFirst(), true);
        }
        throw new MissingKernelHeadersException(message(request, tried, others), hint(release));
    }

    /** Whether a kernel's own header files are here. */
    static boolean exists(String release) {
        return KernelHeaders.places(release, System.getenv()).stream()
                .anyMatch(p -> KernelHeaders.at(p).isPresent());
    }

    private static String message(CompileRequest request, List<String> tried, List<KernelHeaders> others) {
        String list = tried.stream().collect(Collectors.joining("\n  ", "\n  ", ""));
        String message = "the headers of kernel " + request.kernelRelease() + " were not found. Tried:" + list;
        if (!others.isEmpty() && !request.stableIncludesOnly()) {
            message += "\nThe headers of " + others.getFirst().release()
                    + " are here, but this program uses headers or structs that change"
                    + " from kernel to kernel: it would compile and read wrong offsets.";
        }
        return message;
    }

    private static String hint(String release) {
        return "Debian, Ubuntu: apt-get install linux-headers-" + release + "; Fedora: dnf install kernel-devel-"
                + release
                + ". If there is no such package for your kernel, programs that include no kernel header, or only uapi/ ones,"
                + " compile with any: apt-get install linux-headers-amd64 (or -arm64).";
    }

    /** What the user should know about it. */
    List<Diagnostic> remarks(CompileRequest request) {
        if (headers != null && !standIn && !request.stableIncludesOnly() && isOther(request.kernelRelease())) {
            String message = "compiled with the header files of kernel " + headers.release() + " for kernel "
                    + request.kernelRelease() + ": structs may be laid out otherwise there";
            return List.of(new Diagnostic(
                    Diagnostic.Stage.SETUP, Diagnostic.Severity.WARNING, "", 0, 0, message, "", List.of()));
        }
        if (!standIn) {
            return List.of();
        }
        String message = "compiled with the headers of kernel " + headers.release() + ", as those of "
                + request.kernelRelease() + " are not here; this program needs nothing that differs";
        return List.of(
                new Diagnostic(Diagnostic.Stage.SETUP, Diagnostic.Severity.REMARK, "", 0, 0, message, "", List.of()));
    }

    /** Whether the headers are another kernel's, as far as their folder's name tells. */
    private boolean isOther(String release) {
        return headers.release().matches("\\d+\\.\\d+.*") && !headers.release().equals(release);
    }

    /** The request as it goes to libbcc. */
    CompileRequest apply(CompileRequest request, Path scratch) throws IOException {
        if (headers == null) {
            String folder = request.madeHeaders().write(scratch).toString();
            return request.withKernelHeaders(folder).withMadeHeaders(MadeHeaders.NONE);
        }
        KernelVersion version = KernelVersion.parse(headers.release());
        List<String> flags = new ArrayList<>();
        if (version.isAtLeast(7, 0)) {
            flags.addAll(List.of("-fms-extensions", "-Wno-microsoft-anon-tag"));
        }
        CompileRequest ready =
                request.withKernelHeaders(headers.joined(scratch).toString()).withFlags(flags);
        return version.isAtLeast(6, 10) && libbccKnowsNoWorkQueues() ? ready.withPrelude(OPAQUE_TYPES) : ready;
    }

    private static boolean libbccKnowsNoWorkQueues() {
        return Optional.ofNullable(NativeLibrary.versions().get("libbcc"))
                .flatMap(LibraryFile::version)
                .filter(v -> v.compareTo(new LibraryVersion(0, 31, 0)) < 0)
                .isPresent();
    }

    /** Types that newer kernel headers embed, and that bpf.h of an older libbcc has not got. Sizes as in the kernel's own. */
    private static final String OPAQUE_TYPES = "struct bpf_wq { unsigned long long opaque[2]; };"
            + " struct bpf_rb_root { unsigned long long opaque[2]; }; struct bpf_rb_node { unsigned long long opaque[4]; };"
            + " struct bpf_refcount { unsigned opaque[1]; };\n";
}
