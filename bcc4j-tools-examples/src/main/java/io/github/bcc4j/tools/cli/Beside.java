package io.github.bcc4j.tools.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/** What runs beside a tool, from when it traces; when it is done, so is the tool. */
public interface Beside {
    /**
     * Starts it.
     *
     * @return its exit status, once it is done
     */
    CompletableFuture<Integer> start();

    /** Ends it, if it still runs. */
    void stop();

    /**
     * A shell command.
     *
     * @param command for {@code sh -c}
     * @return not yet started
     */
    static Beside shell(String command) {
        return new Beside() {
            private Process process;

            @Override
            public CompletableFuture<Integer> start() {
                try {
                    process =
                            new ProcessBuilder("sh", "-c", command).inheritIO().start();
                } catch (IOException e) {
                    throw new UncheckedIOException("start the workload " + command, e);
                }
                return process.onExit().thenApply(Process::exitValue);
            }

            @Override
            public void stop() {
                process.destroy();
            }
        };
    }

    /**
     * Java code, on a thread of its own.
     *
     * @param action what to do
     * @return not yet started; it can't be stopped
     */
    static Beside action(Runnable action) {
        return new Beside() {
            @Override
            public CompletableFuture<Integer> start() {
                CompletableFuture<Integer> done = new CompletableFuture<>();
                Thread.ofPlatform().daemon().name("beside").start(() -> {
                    try {
                        action.run();
                        done.complete(0);
                    } catch (Throwable e) {
                        done.completeExceptionally(e);
                    }
                });
                return done;
            }

            @Override
            public void stop() {
                // its owner's thread
            }
        };
    }
}
