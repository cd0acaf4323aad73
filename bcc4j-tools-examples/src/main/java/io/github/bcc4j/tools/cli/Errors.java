package io.github.bcc4j.tools.cli;

import java.util.List;

/** Names of error numbers, as asm-generic/errno-base.h and errno.h have them; equal on x86-64 and 64-bit Arm. */
public final class Errors {
    private static final List<String> NAMES = List.of(
            "EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV "
                    .concat(
                            "ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE ")
                    .concat("EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP")
                    .split(" "));

    private static final int LARGEST = 4095;

    private Errors() {}

    /**
     * An error's number.
     *
     * @param error its name, or the number as text
     * @return 1 to 4095
     * @throws IllegalArgumentException if it is no error
     */
    public static int number(String error) {
        int number = error.matches("\\d{1,4}") ? Integer.parseInt(error) : NAMES.indexOf(error) + 1;
        if (number < 1 || number > LARGEST) {
            throw new IllegalArgumentException(
                    "not an error: " + error + "; give its number, or one of " + String.join(", ", NAMES));
        }
        return number;
    }
}
