package io.github.bcc4j.table;

import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import java.nio.file.Path;
import java.util.function.IntToLongFunction;

/** The descriptors that tables are given or asked by. */
final class Descriptors {
    private Descriptors() {}

    /** A number that the caller answers for. */
    static long number(Integer number, IntToLongFunction call) {
        return call.applyAsLong(number);
    }

    static long table(BpfTable<?, ?> table, IntToLongFunction call) {
        return table.map.call(call);
    }

    static long path(Path path, IntToLongFunction call) {
        return once("open " + path, Linux.openNonBlocking(path.toAbsolutePath().toString()), null, call);
    }

    static long process(Integer pid, IntToLongFunction call) {
        int fd = Linux.pidFd(pid);
        String hint = fd == -Errno.EINVAL ? pid + " may be a thread that is not its process's first" : null;
        return once("find process " + pid, fd, hint, call);
    }

    private static long once(String what, int opened, String hint, IntToLongFunction call) {
        if (opened < 0) {
            throw new BpfSyscallException(what, -opened, hint);
        }
        try (Fd fd = Fd.own(opened, what)) {
            return fd.call(call);
        }
    }
}
