package io.github.bcc4j.junit;

import java.util.List;

/** Stand-in. */
public final class VmCommand {
    private VmCommand() {}

    /** Stand-in.
     * @param k kernel
     * @param c command
     * @return code */
    public static int run(String k, List<String> c) {
        return 1;
    }
}
