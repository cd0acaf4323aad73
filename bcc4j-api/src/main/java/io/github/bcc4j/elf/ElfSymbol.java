package io.github.bcc4j.elf;

/**
 * A symbol that a file defines.
 *
 * @param name its name, without version
 * @param version its version, empty if it has none
 * @param standard whether it is the one that programs are bound to today, of several versions
 * @param address where it is, before the file is placed
 * @param size how many bytes; 0 if the file does not say
 * @param kind what it is
 * @param global whether other files can see it
 */
public record ElfSymbol(
        String name, String version, boolean standard, long address, long size, Kind kind, boolean global) {
    /** What a symbol is. */
    public enum Kind {
        /** Code. */
        FUNCTION,
        /** Code that the dynamic linker calls once, to be told the address of the function. */
        INDIRECT_FUNCTION,
        /** A variable, or something without a type. */
        OTHER
    }

    /**
     * Whether it is code to be run.
     *
     * @return true for functions of both kinds
     */
    public boolean isFunction() {
        return kind != Kind.OTHER;
    }

    /**
     * The name with its version, if it has one.
     *
     * @return {@code memcpy@GLIBC_2.2.5}
     */
    public String fullName() {
        return version.isEmpty() ? name : name + (standard ? "@@" : "@") + version;
    }
}
