package io.github.bcc4j.compile;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A map of a compiled program, before it exists in a kernel.
 *
 * @param name its full name in the C text
 * @param type {@code BPF_MAP_TYPE_}
 * @param keySize bytes of a key, 0 where there is none
 * @param valueSize bytes of a value, of one CPU in a per-CPU map
 * @param maxEntries its capacity; for a perf event array, the possible CPUs of the machine that compiled
 * @param flags {@code BPF_F_}
 * @param btfKeyTypeId the key's type in the module's BTF, 0 if unknown
 * @param btfValueTypeId the value's type in the module's BTF, 0 if unknown
 * @param innerMap the index in {@link CompiledModule#maps()} of the template of a map of maps, else -1
 * @param pinPath where the map is pinned in a bpf file system, if the C text says so
 * @param extern whether the C text only refers to a map that another module makes
 * @param keyDescription libbcc's JSON description of the key
 * @param valueDescription libbcc's JSON description of the value
 * @param eventFields for a perf or ring buffer, the submitted struct's fields as {@code name#type}
 */
public record MapSpec(
        String name,
        int type,
        int keySize,
        int valueSize,
        int maxEntries,
        int flags,
        int btfKeyTypeId,
        int btfValueTypeId,
        int innerMap,
        Optional<String> pinPath,
        boolean extern,
        String keyDescription,
        String valueDescription,
        List<String> eventFields) {

    /** Checks the parts. */
    public MapSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(pinPath, "pinPath");
        Objects.requireNonNull(keyDescription, "keyDescription");
        Objects.requireNonNull(valueDescription, "valueDescription");
        eventFields = List.copyOf(eventFields);
    }

    /**
     * This map with another capacity.
     *
     * @param entries the capacity
     * @return a new description
     */
    public MapSpec withMaxEntries(int entries) {
        return new MapSpec(
                name,
                type,
                keySize,
                valueSize,
                entries,
                flags,
                btfKeyTypeId,
                btfValueTypeId,
                innerMap,
                pinPath,
                extern,
                keyDescription,
                valueDescription,
                eventFields);
    }

    MapSpec borrowed() {
        return new MapSpec(
                name,
                type,
                keySize,
                valueSize,
                maxEntries,
                flags,
                btfKeyTypeId,
                btfValueTypeId,
                innerMap,
                pinPath,
                true,
                keyDescription,
                valueDescription,
                eventFields);
    }
}
