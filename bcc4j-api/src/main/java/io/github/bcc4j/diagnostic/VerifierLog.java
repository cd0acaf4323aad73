package io.github.bcc4j.diagnostic;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a verifier log says in the end.
 *
 * @param summary the complaint in one line
 * @param instruction the index of the instruction it is about, -1 if it names none
 * @param text that instruction, empty if unknown
 */
record VerifierLog(String summary, int instruction, String text) {
    private static final Pattern INSTRUCTION = Pattern.compile("(\\d+): \\([0-9a-f]{2}\\) (.*?)(?:\\s*;.*)?");
    private static final Pattern FOOTER = Pattern.compile(
            "processed \\d+ insns.*|verification time.*|stack depth.*|-- (BEGIN|END).*|mark_precise.*|(cur|old) state:.*|\\s*|;.*|\\d+: R\\d.*|"
                    + "from \\d+ to \\d+:.*|\\s+R\\d.*|(last_idx|regs=|parent |falling back).*");
    private static final Pattern NAMES_INSTRUCTION = Pattern.compile("(?:insn|from insn|at insn) (\\d+)");
    /** A line that says how, and needs the line before that says what. */
    private static final Pattern CONTINUES =
            Pattern.compile("R\\d+ (min|max|unbounded|offset|is|value|variable).*(range|bounds|check|access).*");

    static VerifierLog parse(String log) {
        List<String> lines = log.lines().toList();
        String message = "";
        int index = -1;
        String text = "";
        int at = lines.size() - 1;
        for (; at >= 0; at--) {
            String line = lines.get(at).strip();
            if (INSTRUCTION.matcher(line).matches()) {
                break;
            }
            if (!FOOTER.matcher(lines.get(at)).matches() && message.isEmpty()) {
                message = line;
            } else if (CONTINUES.matcher(message).matches()
                    && !FOOTER.matcher(lines.get(at)).matches()) {
                message = line + ": " + message;
            } else if (Refusal.of(message) == Refusal.OTHER && Refusal.of(line) != Refusal.OTHER) {
                message = line;
            }
        }
        if (at >= 0) {
            Matcher m = INSTRUCTION.matcher(lines.get(at).strip());
            if (m.matches()) {
                index = Integer.parseInt(m.group(1));
                text = m.group(2);
            }
        }
        Matcher named = NAMES_INSTRUCTION.matcher(message);
        if (named.find()) {
            index = Integer.parseInt(named.group(1));
            text = textOf(lines, index, text);
        }
        return new VerifierLog(message.isEmpty() ? "the kernel gave no reason" : message, index, text);
    }

    private static String textOf(List<String> lines, int index, String otherwise) {
        return lines.stream()
                .map(l -> INSTRUCTION.matcher(l.strip()))
                .filter(m -> m.matches() && Integer.parseInt(m.group(1)) == index)
                .map(m -> m.group(2))
                .reduce((a, b) -> b)
                .orElse(otherwise);
    }
}
