package io.github.bcc4j;

import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Sockets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Network namespaces belong to threads: what is to happen in another one happens on a thread of its own. */
final class NetworkNamespace {
    private NetworkNamespace() {}

    static <T> T call(Optional<Path> namespace, Supplier<T> what) {
        return namespace.map(n -> inside(n, what)).orElseGet(what);
    }

    private static <T> T inside(Path namespace, Supplier<T> what) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().name("bcc4j in " + namespace).daemon().start(() -> {
            try {
                enter(namespace);
                result.complete(what.get());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void enter(Path namespace) {
        int result = Sockets.enterNetworkNamespace(namespace.toString());
        if (result < 0) {
            throw new BpfSyscallException(
                    "enter the network namespace " + namespace,
                    -result,
                    switch (-result) {
                        case Errno.ENOENT -> "a process's is /proc/PID/ns/net, one of ip-netns(8) is /run/netns/NAME";
                        case Errno.EINVAL -> "this file is no network namespace";
                        case Errno.EPERM, Errno.EACCES ->
                            "it takes CAP_SYS_ADMIN, here and in the namespace's user namespace";
                        default -> null;
                    });
        }
    }
}
