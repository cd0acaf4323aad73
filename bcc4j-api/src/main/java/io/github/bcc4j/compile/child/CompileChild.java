package io.github.bcc4j.compile.child;

import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.ffm.NativeLibrary;
import io.github.bcc4j.ffm.NativeLibraryException;
import io.github.bcc4j.ffm.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The main class of the compile process: loads libbcc, waits for a byte, reads {@code request.bin} in the folder it is given, writes
 * {@code response.bin} there. It ends with 0 when compiled, 2 when libbcc refused the text, 3 when libbcc could not be used; anything else is a crash.
 */
public final class CompileChild {
    /** libbcc found errors in the text. */
    public static final int REFUSED = 2;

    /** libbcc is missing or can't be used. */
    public static final int NO_LIBRARY = 3;

    /** The second argument of a run that is there for the JVM to learn from. */
    public static final String TRAIN = "train";

    /** The parent is gone, and nobody waits for the module. */
    private static final int ORPHAN = 4;

    private CompileChild() {}

    /**
     * Compiles one request.
     *
     * @param args the folder; and {@link #TRAIN} if nobody waits for the module, but for the JVM's own record of the run
     * @throws IOException if the folder can't be read or written
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Linux.setLimit(Linux.RLIMIT_CORE, 0);
        Linux.setLimit(Linux.RLIMIT_FSIZE, Wire.LONGEST);
        boolean training = args.length > 1;
        if (!training) {
            ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> leave(folder)));
        }
        try {
            NativeLibrary.libbcc(); // LLVM itself does not count
            if (System.in.read() < 0) {
                leave(folder);
            }
            CompileRequest request =
                    CompileRequest.fromBytes(Wire.load(folder.resolve(CompileRequest.REQUEST), "compile request"));
            if (request.memoryLimitBytes() > 0) {
                Linux.setLimit(Linux.RLIMIT_DATA, writable() + request.memoryLimitBytes());
            }
            Optional<CompiledModule> module = Engine.compile(request, folder);
            if (module.isPresent()) {
                Files.write(
                        folder.resolve(CompileRequest.RESPONSE), module.get().toBytes());
            }
            if (training) {
                Folders.delete(folder); // nobody else will
            }
            Runtime.getRuntime().halt(module.isPresent() ? 0 : REFUSED);
        } catch (NativeLibraryException e) {
            System.err.println(e.getMessage() + "\n" + e.hint());
            Runtime.getRuntime().halt(NO_LIBRARY);
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            Runtime.getRuntime().halt(NO_LIBRARY);
        }
    }

    /** Nobody else will tidy up. */
    private static void leave(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            // then it stays for the system's own cleaning of temporary files
        }
        Runtime.getRuntime().halt(ORPHAN);
    }

    /** Private writable memory of this JVM and libbcc so far, which the limit must leave alone. Source: proc(5), statm. */
    private static long writable() throws IOException {
        return Long.parseLong(
                        Files.readString(Path.of("/proc/self/statm")).strip().split(" ")[5])
                * Linux.pageSize();
    }
}
