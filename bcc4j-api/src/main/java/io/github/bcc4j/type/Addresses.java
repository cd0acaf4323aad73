package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

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
        byte[] bytes = Scalars.readBytes(memory, offset, length);
        try {
            return length == 16 ? Inet6Address.getByAddress(null, bytes, -1) : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are addresses", e);
        }
    }
}
