package io.github.bcc4j.compile.child;

import java.util.ArrayList;
import java.util.List;

/**
 * All that a compile depends on, so that another process or another machine can do it.
 *
 * @param source the prepared C text
 * @param fileName the name it goes by in positions
 * @param userSource the C text as the user wrote it
 * @param cflags compiler flags
 * @param debugFlags libbcc's debug bits
 * @param kernelRelease the target kernel, as uname -r tells it
 * @param kernelHeaders a folder given by the user, or empty
 * @param stableIncludesOnly whether the text includes nothing but headers that do not change with the kernel
 * @param probeReadKernel whether the target kernel has {@code bpf_probe_read_kernel}
 * @param formats the tracepoint format files it needs: name {@code category/event}, then text, in turn
 * @param timeLimitMillis how long the compile may take
 * @param memoryLimitBytes how much memory it may take, 0 for no limit
 * @param madeHeaders headers made for it, instead of real ones
 */
public record CompileRequest(
        String source,
        String fileName,
        String userSource,
        List<String> cflags,
        int debugFlags,
        String kernelRelease,
        String kernelHeaders,
        boolean stableIncludesOnly,
        boolean probeReadKernel,
        List<String> formats,
        int timeLimitMillis,
        long memoryLimitBytes,
        MadeHeaders madeHeaders) {
    /** The file of a request, in the folder of a compile. */
    public static final String REQUEST = "request.bin";

    /** The file of the module that comes of it. */
    public static final String RESPONSE = "response.bin";

    private static final int KIND = 0x52450002;

    /**
     * The binary form.
     *
     * @return a whole file
     */
    public byte[] toBytes() {
        return new Wire.Writer(KIND)
                .text(source)
                .text(fileName)
                .text(userSource)
                .list(cflags, Wire.Writer::text)
                .number(debugFlags)
                .text(kernelRelease)
                .text(kernelHeaders)
                .number(stableIncludesOnly ? 1 : 0)
                .number(probeReadKernel ? 1 : 0)
                .list(formats, Wire.Writer::text)
                .number(timeLimitMillis)
                .number((int) (memoryLimitBytes >>> 32))
                .number((int) memoryLimitBytes)
                .text(madeHeaders.text())
                .list(madeHeaders.files(), Wire.Writer::text)
                .finish();
    }

    /**
     * Reads the binary form.
     *
     * @param file of {@link #toBytes}
     * @return the request
     * @throws IllegalArgumentException if it is not one
     */
    public static CompileRequest fromBytes(byte[] file) {
        Wire.Reader in = new Wire.Reader(file, KIND, "compile request");
        return in.end(new CompileRequest(
                in.text(),
                in.text(),
                in.text(),
                in.list(Wire.Reader::text),
                in.number(),
                in.text(),
                in.text(),
                in.number() != 0,
                in.number() != 0,
                in.list(Wire.Reader::text),
                in.number(),
                (long) in.number() << 32 | Integer.toUnsignedLong(in.number()),
                new MadeHeaders(in.text(), in.list(Wire.Reader::text))));
    }

    /**
     * The same with another kernel headers folder.
     *
     * @param folder the folder
     * @return a copy
     */
    public CompileRequest withKernelHeaders(String folder) {
        return with(source, cflags, folder, madeHeaders);
    }

    /**
     * The same with more compiler flags.
     *
     * @param more to go before the others
     * @return a copy
     */
    public CompileRequest withFlags(List<String> more) {
        List<String> all = new ArrayList<>(more);
        all.addAll(cflags);
        return with(source, all, kernelHeaders, madeHeaders);
    }

    /**
     * The same with C text before its first line.
     *
     * @param prelude whole lines
     * @return a copy
     */
    public CompileRequest withPrelude(String prelude) {
        return with(prelude + source, cflags, kernelHeaders, madeHeaders);
    }

    /**
     * The same with other made headers.
     *
     * @param headers the headers, or none
     * @return a copy
     */
    public CompileRequest withMadeHeaders(MadeHeaders headers) {
        return with(source, cflags, kernelHeaders, headers);
    }

    private CompileRequest with(String text, List<String> flags, String folder, MadeHeaders headers) {
        return new CompileRequest(
                text,
                fileName,
                userSource,
                flags,
                debugFlags,
                kernelRelease,
                folder,
                stableIncludesOnly,
                probeReadKernel,
                formats,
                timeLimitMillis,
                memoryLimitBytes,
                headers);
    }
}
