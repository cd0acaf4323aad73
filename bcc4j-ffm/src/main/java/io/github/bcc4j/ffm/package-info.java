/** Finds and opens the native libraries: libbcc for the compile process, libbcc_bpf and libbpf for everything else. */
package io.github.bcc4j.ffm;
