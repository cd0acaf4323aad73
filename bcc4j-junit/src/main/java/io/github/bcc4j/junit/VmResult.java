package io.github.bcc4j.junit;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a command in a virtual machine left behind.
 *
 * @param exitStatus the command's exit status, 0 to 255: 128 plus the signal's number if a signal ended it, 127 if it was
 *     not found, 126 if it could not be run
 * @param share the directory the guest saw as {@code /out}, with what it wrote there
 * @param duration from the start of QEMU to its end
 * @param console the end of the guest's console
 */
public record VmResult(int exitStatus, Path share, Duration duration, String console) {}
