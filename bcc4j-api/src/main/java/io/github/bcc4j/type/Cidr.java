package io.github.bcc4j.type;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/**
 * A block of IP addresses, as {@code 10.0.0.0/8}: the key of a trie. In C it is a struct of a {@code u32}, the length of the prefix,
 * and an address of 4 or 16 bytes in network order.
 *
 * @param address the first address; what is given is cut to the prefix
 * @param prefixLength how many bits its addresses have in common
 */
public record Cidr(InetAddress address, int prefixLength) {
    /** Cuts the address to the prefix. */
    public Cidr {
        byte[] bytes = Objects.requireNonNull(address, "address").getAddress();
        if (prefixLength < 0 || prefixLength > bytes.length * 8) {
            throw new IllegalArgumentException("a prefix of " + address.getHostAddress() + " has 0 to "
                    + bytes.length * 8 + " bits, not " + prefixLength);
        }
        for (int i = 0; i < bytes.length; i++) {
            int bits = Math.clamp(prefixLength - 8L * i, 0, 8);
            bytes[i] &= (byte) (0xff00 >> bits);
        }
        address = ofBytes(bytes);
    }

    /**
     * One address.
     *
     * @param address the address
     * @return the block that has it alone
     */
    public static Cidr of(InetAddress address) {
        return new Cidr(address, address.getAddress().length * 8);
    }

    /**
     * A block as people write it.
     *
     * @param text {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or an address alone
     * @return the block
     * @throws IllegalArgumentException if it is neither; names are not looked up
     */
    public static Cidr of(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length > 2
                || !parts[0].matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*")
                || parts.length == 2 && !parts[1].matches("\\d{1,3}")) {
            throw new IllegalArgumentException("not a block of addresses such as 10.0.0.0/8: " + text);
        }
        try {
            InetAddress address = InetAddress.getByName(parts[0]);
            return parts.length == 1 ? of(address) : new Cidr(address, Integer.parseInt(parts[1]));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not a block of addresses such as 10.0.0.0/8: " + text, e);
        }
    }

    static InetAddress ofBytes(byte[] bytes) {
        try {
            return bytes.length == 16 ? Inet6Address.getByAddress(null, bytes, -1) : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are addresses", e);
        }
    }

    /**
     * Whether an address is one of these.
     *
     * @param other an address
     * @return true if it is of the same family and has the prefix
     */
    public boolean contains(InetAddress other) {
        return other.getAddress().length == address.getAddress().length && new Cidr(other, prefixLength).equals(this);
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }
}
