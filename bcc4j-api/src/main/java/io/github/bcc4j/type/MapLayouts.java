package io.github.bcc4j.type;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.compile.MapSpec;

/** The C types of a map's keys and values: from the program's BTF, else from libbcc's description. */
public final class MapLayouts {
    private MapLayouts() {}

    /**
     * The key's type.
     *
     * @param map the map
     * @param btf the program's types
     * @return its layout
     * @throws BpfException if nothing tells it
     */
    public static Layout key(MapSpec map, Btf btf) {
        return find(map.name(), "key", map.btfKeyTypeId(), map.keyDescription(), map.keySize(), btf);
    }

    /**
     * The value's type, of one CPU in a per-CPU map.
     *
     * @param map the map
     * @param btf the program's types
     * @return its layout
     * @throws BpfException if nothing tells it
     */
    public static Layout value(MapSpec map, Btf btf) {
        return find(map.name(), "value", map.btfValueTypeId(), map.valueDescription(), map.valueSize(), btf);
    }

    private static Layout find(String map, String part, int id, String json, int size, Btf btf) {
        if (id != 0 && id <= btf.count()) {
            Layout layout = btf.type(id);
            if (layout.size() == size) {
                return layout;
            }
        }
        return JsonLayouts.parse(json, size)
                .orElseThrow(() -> new BpfException(
                        "the layout of the " + part + " of table \"" + map + "\" is not known: libbcc describes it as "
                                + json + ", which is not of its " + size + " bytes"));
    }
}
