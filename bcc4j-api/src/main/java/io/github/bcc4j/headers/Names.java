package io.github.bcc4j.headers;

import io.github.bcc4j.btf.Kind;
import io.github.bcc4j.btf.RawBtf;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The names that kernel types go by: their own, unless the program has it, or it finds another type. */
final class Names {
    private final RawBtf types;
    private final Set<String> ownTags;
    private final Set<String> ownNames;
    private final Map<String, Integer> ordinary = new HashMap<>();

    /** Keeps free what a program defines: the tags of its structs, and its other names. */
    Names(RawBtf types, Set<String> ownTags, Set<String> ownNames) {
        this.types = types;
        this.ownTags = ownTags;
        this.ownNames = ownNames;
    }

    /** The tag of a struct, union or enumeration, or of the declaration of one. */
    String tag(int id) {
        String name = types.name(id);
        int found = types.record(name);
        boolean enumeration = types.kind(id) == Kind.ENUM || types.kind(id) == Kind.ENUM64;
        if (enumeration && found == 0) {
            found = types.enumeration(name);
        }
        boolean other = types.kind(id) != Kind.FWD && found != id;
        return name + (other ? "___" + id : ownTags.contains(name) ? "___kern" : "");
    }

    /** A typedef's name. */
    String typedef(int id) {
        String name = types.name(id);
        return types.typedef(name) != id ? name + "___" + id : free(name, id);
    }

    /** A constant's name. */
    String constant(String name, int id) {
        return types.enumerationOf(name) != id ? name + "___" + id : free(name, id);
    }

    private String free(String name, int id) {
        boolean taken = ownNames.contains(name) || ordinary.computeIfAbsent(name, x -> id) != id;
        return taken ? name + "___kern" : name;
    }
}
