package io.github.bcc4j.junit;

import io.github.bcc4j.BPF;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.table.BpfQueue;
import io.github.bcc4j.table.BpfStackTraces;
import io.github.bcc4j.table.BpfTable;
import io.github.bcc4j.type.Cidr;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** Tables by the Java types of parameters. */
final class TableParameters {
    private static final int LPM_TRIE = 11;
    private static final int STACK = 23;

    private final BPF bpf;
    private final String name;
    private final Type type;

    TableParameters(BPF bpf, String name, Type type) {
        this.bpf = bpf;
        this.name = name;
        this.type = type;
    }

    Object resolve() {
        Class<?> raw = raw(type);
        if (raw == BpfHash.class || raw == Map.class) {
            return hash();
        }
        if (raw == BpfArray.class) {
            Type value = argument(0);
            return raw(value) == List.class ? bpf.perCpuArray(name, element(value)) : bpf.array(name, plain(value));
        }
        if (raw == BpfHistogram.class) {
            Class<?> key = plain(argument(0));
            return key == Void.class ? bpf.histogram(name) : bpf.histogram(name, key);
        }
        if (raw == BpfTable.class) {
            return bpf.table(name);
        }
        if (raw == BpfQueue.class) {
            Class<?> value = plain(argument(0));
            return kind() == STACK ? bpf.stack(name, value) : bpf.queue(name, value);
        }
        if (raw == BpfStackTraces.class) {
            return bpf.stackTraces(name);
        }
        throw wrong("a table is a BpfHash, Map, BpfArray, BpfHistogram, BpfTable, BpfQueue or BpfStackTraces;"
                + " others are had from a parameter of type BPF");
    }

    private Object hash() {
        Type key = argument(0);
        Type value = argument(1);
        if (raw(value) == List.class) {
            return bpf.perCpuHash(name, plain(key), element(value));
        }
        return kind() == LPM_TRIE && key == Cidr.class
                ? bpf.lpmTrie(name, plain(value))
                : bpf.hash(name, plain(key), plain(value));
    }

    /** {@code BPF_MAP_TYPE_}, -1 if there is no such table, which who opens it will say. */
    private int kind() {
        MapSpec spec = bpf.maps().get(name);
        return spec == null ? -1 : spec.type();
    }

    static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> c -> c;
            case ParameterizedType p -> (Class<?>) p.getRawType();
            default -> Object.class;
        };
    }

    private Type argument(int index) {
        if (type instanceof ParameterizedType p) {
            return p.getActualTypeArguments()[index];
        }
        throw wrong("it needs its Java types, such as BpfHash<Integer, Long>");
    }

    private Class<?> element(Type list) {
        if (list instanceof ParameterizedType p) {
            return plain(p.getActualTypeArguments()[0]);
        }
        throw wrong("a list of each CPU's values needs their Java type, such as List<Long>");
    }

    private Class<?> plain(Type argument) {
        if (argument instanceof Class<?> c) {
            return c;
        }
        throw wrong("keys and values are classes, not " + argument.getTypeName());
    }

    private ParameterResolutionException wrong(String why) {
        return new ParameterResolutionException(
                "@Table(\"" + name + "\") can't be of type " + type.getTypeName() + ": " + why);
    }
}
