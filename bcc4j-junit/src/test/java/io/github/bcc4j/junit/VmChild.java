package io.github.bcc4j.junit;

import java.util.List;

/** A JVM of its own for tests that end one, or run as another user. */
final class VmChild {
    private VmChild() {}

    public static void main(String[] args) throws InterruptedException {
        System.exit(VmCommand.run(args[0], List.of(args).subList(1, args.length)));
    }
}
