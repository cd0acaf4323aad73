package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/** IP addresses, in network order as the kernel keeps them. */
final class Addresses {
    private Addresses() {}

    /** Bytes of the address that C may keep there: numbers, arrays of them, and the kernel's own structs; else 0. */
    private static int length(Layout named) {
        Layout layout = named.resolved();
        boolean fits = switch (layout) {
            case Layout.Int i -> !i.bool();
            case Layout.Array a -> a.element().resolved() instanceof Layout.Int i && !i.bool();
            case Layout.Struct s ->
                s.name().equals("struct in_addr") || s.name().equals("struct in6_addr");
            default -> false;
        };
        return fits && (layout.size() == 4 || layout.size() == 16) ? (int) layout.size() : 0;
    }

    static Codec<?> bind(Class<?> type, Spot spot, Binder binder) {
        int length = spot.bits() == 0 ? length(spot.layout()) : 0;
        if (length == 0 || type == (length == 4 ? Inet6Address.class : Inet4Address.class)) {
            return binder.mismatch(type, spot);
        }
        return Binder.<InetAddress>codec(spot.layout(), (m, o) -> read(m, o, length), (m, o, v) -> {
            byte[] bytes = v.getAddress();
            if (bytes.length != length) {
                throw new IllegalArgumentException(spot.where() + ": " + v.getHostAddress() + " has " + bytes.length
                        + " bytes, " + spot.type() + " has " + length);
            }
            Scalars.writeBytes(m, o, bytes);
        });
    }

    private static InetAddress read(MemorySegment memory, long offset, int length) {
        return Cidr.ofBytes(Scalars.readBytes(memory, offset, length));
    }

    /** A struct of the prefix's length, in the machine's order, and an address. */
    static Codec<?> block(Spot spot, Binder binder) {
        List<Layout.Member> members =
                spot.layout().resolved() instanceof Layout.Struct s && !s.union() ? s.flattened() : List.of();
        if (members.size() != 2
                || !(members.getFirst().type().resolved() instanceof Layout.Int i && i.size() == 4)
                || members.getLast().offset() != 4
                || length(members.getLast().type()) == 0) {
            return binder.problem(
                    spot,
                    spot.type() + " in C can't be Cidr in Java: that takes a struct of a u32, the prefix's length, and"
                            + " an address of 4 or 16 bytes");
        }
        int length = length(members.getLast().type());
        return Binder.<Cidr>codec(
                spot.layout(),
                (m, o) -> new Cidr(read(m, o + 4, length), (int) Scalars.readLong(m, o, 4, false)),
                (m, o, v) -> {
                    byte[] bytes = v.address().getAddress();
                    if (bytes.length != length) {
                        throw new IllegalArgumentException(spot.where() + ": " + v + " is a block of " + bytes.length
                                + " byte addresses, " + spot.type() + " has " + length);
                    }
                    Scalars.writeLong(m, o, 4, v.prefixLength());
                    Scalars.writeBytes(m, o + 4, bytes);
                });
    }
}
