package io.github.bcc4j.headers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What of a text is its own, so that the kernel's type or constant of the same name stays away. */
class SourceNamesTest {
    @Test
    void mapsAreNamedWhereTheirMacroHasTheName() {
        SourceNames names = new SourceNames();
        names.addText("""
                BPF_HASH(first, u32, struct key);
                BPF_TABLE("array", u32, struct own,
                          config, 1);
                BPF_F_TABLE("hash", u32, u64, flagged, 1, BPF_F_NO_PREALLOC);
                BPF_TABLE_PUBLIC("hash", struct { u64 a; u64 b; }, u64, shared, 1);
                BPF_TABLE_PINNED("hash", u32, u64, pinned, 1, "/sys/fs/bpf/pinned");
                BPF_QUEUESTACK("queue", waiting, u64, 4, 0);
                BPF_ARRAY_OF_MAPS(outer, "shared", 4);
                int f(void *ctx) { BPF_NOT(local); return 0; }
                """);
        assertThat(names.ownNames())
                .containsExactlyInAnyOrder("first", "config", "flagged", "shared", "pinned", "waiting", "outer", "f");
    }
}
