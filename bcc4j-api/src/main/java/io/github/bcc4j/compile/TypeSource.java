package io.github.bcc4j.compile;

/** Where the kernel's types come from in a compile. */
public enum TypeSource {
    /** The kernel's BTF; header files if it has none, or if something in them is missed and they are there. */
    ANY,
    /** The kernel's BTF alone. */
    BTF,
    /** Header files alone. */
    HEADERS
}
