/** Reads executables and libraries: as much of ELF as probes in them need. Not exported. */
package io.github.bcc4j.elf;
