package io.github.bcc4j.diagnostic;

import java.util.function.IntFunction;

/**
 * Writes one BPF instruction in LLVM's notation. What is no known instruction is written as its bytes. Source: RFC 9669.
 *
 * @param maps names of maps by the number in the bytecode
 * @param calls names of helper functions by the number in the bytecode
 */
record InstructionText(IntFunction<String> maps, IntFunction<String> calls) {
    private static final int WIDE = 0x18;
    private static final String[] ALU = {"+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", "", "%=", "^=", "=", "s>>="};
    private static final String[] JUMP = {
        "", "==", ">", ">=", "&", "!=", "s>", "s>=", "", "", "<", "<=", "s<", "s<=", "", ""
    };
    private static final String[] SIZE = {"32", "16", "8", "64"};

    static boolean isWide(byte code) {
        return code == WIDE;
    }

    /** The parts of the 8 bytes. */
    private record Parts(int code, int dst, int src, int offset, int immediate) {
        static Parts of(long raw) {
            return new Parts(
                    (int) raw & 0xff, (int) (raw >>> 8) & 0xf, (int) (raw >>> 12) & 0xf, (short) (raw >>> 16), (int)
                            (raw >>> 32));
        }

        String size() {
            return SIZE[code >>> 3 & 3];
        }

        boolean fromRegister() {
            return (code & 8) != 0;
        }

        String place(int register) {
            return "(r" + register + (offset < 0 ? " - " + -offset : " + " + offset) + ")";
        }
    }

    /** An instruction, and the upper half of its number if it is a wide one. */
    String of(long raw, int upper) {
        Parts p = Parts.of(raw);
        String text = switch (p.code & 7) {
            case 0 -> load(p, upper);
            case 1 -> loadMemory(p);
            case 2 -> "*(u" + p.size() + " *)" + p.place(p.dst) + " = " + p.immediate;
            case 3 -> store(p);
            case 4 -> arithmetic(p, "w");
            case 7 -> arithmetic(p, "r");
            case 5 -> jump(p, "r");
            default -> jump(p, "w");
        };
        return text.isEmpty() ? String.format("(0x%016x)", raw) : text;
    }

    private String load(Parts p, int upper) {
        String to = "r" + p.dst + " = ";
        if (p.code == WIDE) {
            return switch (p.src) {
                case 1, 5 -> to + "map[" + maps.apply(p.immediate) + "]";
                case 2, 6 -> to + "map[" + maps.apply(p.immediate) + "][0] + " + upper;
                case 3 -> to + "btf[" + p.immediate + "] ll";
                case 4 -> to + "code[" + p.immediate + "]";
                default -> to + ((long) upper << 32 | p.immediate & 0xffffffffL) + " ll";
            };
        }
        return switch (p.code & 0xe0) {
            case 0x20 -> "r0 = *(u" + p.size() + " *)skb[" + p.immediate + "]";
            case 0x40 -> "r0 = *(u" + p.size() + " *)skb[r" + p.src + "]";
            default -> "";
        };
    }

    private static String loadMemory(Parts p) {
        return switch (p.code & 0xe0) {
            case 0x60 -> "r" + p.dst + " = *(u" + p.size() + " *)" + p.place(p.src);
            case 0x80 -> "r" + p.dst + " = *(s" + p.size() + " *)" + p.place(p.src);
            default -> "";
        };
    }

    private static String store(Parts p) {
        if ((p.code & 0xe0) == 0x60) {
            return "*(u" + p.size() + " *)" + p.place(p.dst) + " = r" + p.src;
        }
        if ((p.code & 0xe0) != 0xc0) {
            return "";
        }
        boolean narrow = p.size().equals("32");
        String register = (narrow ? "w" : "r") + p.src;
        String memory = "(u" + p.size() + " *)" + p.place(p.dst);
        String bare = p.place(p.dst).substring(1, p.place(p.dst).length() - 1);
        String kind = narrow ? "32_32" : "_64";
        return switch (p.immediate) {
            case 0x00 -> "lock *" + memory + " += " + register;
            case 0x40 -> "lock *" + memory + " |= " + register;
            case 0x50 -> "lock *" + memory + " &= " + register;
            case 0xa0 -> "lock *" + memory + " ^= " + register;
            case 0x01 -> register + " = atomic_fetch_add(" + memory + ", " + register + ")";
            case 0x41 -> register + " = atomic_fetch_or(" + memory + ", " + register + ")";
            case 0x51 -> register + " = atomic_fetch_and(" + memory + ", " + register + ")";
            case 0xa1 -> register + " = atomic_fetch_xor(" + memory + ", " + register + ")";
            case 0xe1 -> register + " = xchg" + kind + "(" + bare + ", " + register + ")";
            case 0xf1 -> {
                String old = narrow ? "w0" : "r0";
                yield old + " = cmpxchg" + kind + "(" + bare + ", " + old + ", " + register + ")";
            }
            case 0x100 -> "r" + p.dst + " = load_acquire((u" + p.size() + " *)" + p.place(p.src) + ")";
            case 0x110 -> "store_release((u" + p.size() + " *)" + p.place(p.dst) + ", r" + p.src + ")";
            default -> "";
        };
    }

    private static String arithmetic(Parts p, String register) {
        String to = register + p.dst;
        String from = p.fromRegister() ? register + p.src : Integer.toString(p.immediate);
        int operation = p.code >>> 4;
        return switch (operation) {
            case 3, 9 -> to + (p.offset == 1 ? " s" : " ") + ALU[operation] + " " + from;
            case 8 -> to + " = -" + to;
            case 11 -> to + " = " + (p.offset == 0 ? from : "(s" + p.offset + ")" + from);
            case 13 -> swap(p);
            case 14, 15 -> "";
            default -> to + " " + ALU[operation] + " " + from;
        };
    }

    private static String swap(Parts p) {
        String how = (p.code & 7) == 7 ? "bswap" : p.fromRegister() ? "be" : "le";
        return "r" + p.dst + " = " + how + p.immediate + " r" + p.dst;
    }

    private String jump(Parts p, String register) {
        boolean wide = register.equals("w");
        return switch (p.code >>> 4) {
            case 0 -> wide ? "gotol " + signed(p.immediate) : "goto " + signed(p.offset);
            case 8 -> wide ? "" : call(p);
            case 9 -> wide ? "" : "exit";
            case 14 -> p.code == 0xe5 ? "may_goto " + signed(p.offset) : "";
            case 15 -> "";
            default ->
                "if " + register + p.dst + " " + JUMP[p.code >>> 4] + " "
                        + (p.fromRegister() ? register + p.src : Integer.toString(p.immediate)) + " goto "
                        + signed(p.offset);
        };
    }

    private String call(Parts p) {
        if (p.fromRegister()) {
            return "callx r" + p.dst;
        }
        return switch (p.src) {
            case 1 -> "call pc" + signed(p.immediate);
            case 2 -> "call kernel-function#" + p.immediate;
            default -> "call " + calls.apply(p.immediate);
        };
    }

    private static String signed(int distance) {
        return (distance < 0 ? "" : "+") + distance;
    }
}
