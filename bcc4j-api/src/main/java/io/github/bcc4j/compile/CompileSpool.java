package io.github.bcc4j.compile;

import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.compile.child.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Compiles for processes of another machine that shares a folder with this one, such as the guest of a virtual machine, where LLVM would
 * take ten to sixty times as long.
 *
 * <p>A process whose system property {@code bcc4j.compile.spool}, or environment variable {@code BCC4J_COMPILE_SPOOL}, names the folder
 * has its compiles done here, with this machine's libbcc and the headers of its own kernel's release. Requests hold everything else.
 *
 * <p>Who can write to the folder can have any file included that this process can read: share it with nobody you would not let in.
 */
public final class CompileSpool implements AutoCloseable {
    static final String REQUEST = ".request";
    static final String ANSWER = ".answer";
    static final int KIND = 0x414e0001;

    private static final long NAP_NANOS = 5_000_000;

    private final Path folder;
    private final Thread thread;
    private volatile boolean closed;

    private CompileSpool(Path folder) {
        this.folder = folder;
        this.thread = Thread.ofPlatform().daemon().name("bcc4j-compile-spool").unstarted(this::serve);
    }

    /**
     * Serves a folder until closed.
     *
     * @param folder the shared folder, which is made if need be
     * @return the running service
     */
    public static CompileSpool serve(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("make " + folder, e);
        }
        CompileSpool spool = new CompileSpool(folder);
        spool.thread.start();
        return spool;
    }

    private void serve() {
        while (!closed) {
            try (DirectoryStream<Path> requests = Files.newDirectoryStream(folder, "*" + REQUEST)) {
                for (Path request : requests) {
                    answer(request);
                }
            } catch (IOException e) {
                // The folder is being taken away, or full: the client's own time limit tells its user.
            }
            LockSupport.parkNanos(NAP_NANOS);
        }
    }

    private void answer(Path request) throws IOException {
        byte[] answer;
        try (ChildProcess child = new ChildProcess()) {
            answer = success(child.compile(CompileRequest.fromBytes(Wire.load(request, "compile request"))));
        } catch (CompileException e) {
            answer = failure(e);
        } catch (RuntimeException | Error e) { // whatever a request does, the next one is served
            answer = failure(CompileFailure.around("the compile service failed: " + e.getMessage(), null));
        }
        String name = request.getFileName().toString();
        Path draft = folder.resolve(name + ".draft");
        if (Files.deleteIfExists(request)) { // else its sender has given up
            Files.write(draft, answer);
            Files.move(
                    draft,
                    folder.resolve(name.substring(0, name.length() - REQUEST.length()) + ANSWER),
                    StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static byte[] success(CompiledModule module) {
        return new Wire.Writer(KIND).number(1).bytes(module.toBytes()).finish();
    }

    private static byte[] failure(CompileException e) {
        return new Wire.Writer(KIND)
                .number(e instanceof MissingKernelHeadersException ? 2 : 0)
                .text(message(e))
                .list(e.hint().stream().toList(), Wire.Writer::text)
                .list(e.diagnostics(), ModuleFormat::diagnostic)
                .finish();
    }

    /** The message without the hint, which the exception will add again. */
    private static String message(CompileException e) {
        String all = e.getMessage();
        return e.hint()
                .map(h -> all.substring(0, all.length() - h.length()).replaceFirst("\\R  hint: $", ""))
                .orElse(all);
    }

    static CompiledModule readAnswer(Wire.Reader in) {
        int kind = in.number();
        if (kind == 1) {
            return CompiledModule.fromBytes(in.bytes());
        }
        String message = in.text();
        String hint = in.list(Wire.Reader::text).stream().findFirst().orElse(null);
        List<Diagnostic> diagnostics = in.list(ModuleFormat::diagnostic);
        throw kind == 2
                ? new MissingKernelHeadersException(message, hint)
                : new CompileException(message, hint, diagnostics);
    }

    /** Stops serving when the compile under way has ended. Closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
