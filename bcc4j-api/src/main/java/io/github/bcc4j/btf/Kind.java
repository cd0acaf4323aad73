package io.github.bcc4j.btf;

/** The kinds of BTF types, in the order of their numbers. Source: the kernel's Documentation/bpf/btf.rst. */
public enum Kind {
    /** Nothing; the type with id 0. */
    VOID(0, 0),
    /** An integer, a character or a truth value. */
    INT(4, 0),
    /** A pointer. */
    PTR(0, 0),
    /** An array. */
    ARRAY(12, 0),
    /** A struct. */
    STRUCT(0, 12),
    /** A union. */
    UNION(0, 12),
    /** An enumeration of at most 32 bits. */
    ENUM(0, 8),
    /** A struct or union that is only declared. */
    FWD(0, 0),
    /** Another name. */
    TYPEDEF(0, 0),
    /** A qualifier. */
    VOLATILE(0, 0),
    /** A qualifier. */
    CONST(0, 0),
    /** A qualifier. */
    RESTRICT(0, 0),
    /** A function with a name. */
    FUNC(0, 0),
    /** The parameters and the result of functions. */
    FUNC_PROTO(0, 8),
    /** A variable. */
    VAR(4, 0),
    /** A section of variables. */
    DATASEC(0, 12),
    /** A floating-point number. */
    FLOAT(0, 0),
    /** A remark on a declaration. */
    DECL_TAG(4, 0),
    /** A remark on a type. */
    TYPE_TAG(0, 0),
    /** An enumeration of 64 bits. */
    ENUM64(0, 12);

    private static final Kind[] ALL = values();

    /** Bytes behind the common twelve. */
    final int fixed;

    /** Bytes for each member, parameter or constant behind those. */
    final int each;

    Kind(int fixed, int each) {
        this.fixed = fixed;
        this.each = each;
    }

    /** The kind with a number, null if there is none. */
    static Kind of(int number) {
        return number < ALL.length ? ALL[number] : null;
    }
}
