package io.github.bcc4j.symbol;

import io.github.bcc4j.BpfException;

/** The kernel shows this process its functions' names but zeros for their addresses. */
public class HiddenSymbolsException extends BpfException {
    private static final long serialVersionUID = 1;

    HiddenSymbolsException(String file, String setting) {
        super(
                file + " hides the kernel's addresses from this process (kernel.kptr_restrict = " + setting + ")",
                "2".equals(setting)
                        ? "nobody sees them before sysctl kernel.kptr_restrict=1"
                        : "give it CAP_SYSLOG, or sysctl kernel.kptr_restrict=0 kernel.perf_event_paranoid=1",
                null);
    }
}
