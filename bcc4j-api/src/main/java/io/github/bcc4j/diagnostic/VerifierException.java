package io.github.bcc4j.diagnostic;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.ProgramSpec;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.type.Btf;
import java.util.Map;

/** The kernel's verifier refused a program. Says at which line of the C text, why, and what to do. */
public class VerifierException extends BpfException {
    private static final long serialVersionUID = 1;

    /** The refused function. */
    private final String programName;
    /** The error number, positive. */
    private final int errno;
    /** All of the log. */
    private final String log;

    private final transient VerifierLog parsed;
    private final transient SourceLine place;
    /** Which of the common causes. */
    private final Refusal kind;

    /** Where in the C text; line 0 if unknown. */
    private static final SourceLine UNKNOWN = new SourceLine("", 0, 0, "");

    private VerifierException(
            String programName, int errno, String log, VerifierLog parsed, SourceLine place, Refusal kind) {
        super(message(programName, errno, parsed, place), kind.hint().orElse(null), null);
        this.programName = programName;
        this.errno = errno;
        this.log = log;
        this.parsed = parsed;
        this.place = place;
        this.kind = kind;
    }

    /**
     * Makes sense of a refusal.
     *
     * @param module what the program is part of
     * @param program the program
     * @param programType the type it was to be loaded as, {@code BPF_PROG_TYPE_}
     * @param errno the error number
     * @param log the verifier's log
     * @return the exception
     */
    public static VerifierException of(
            CompiledModule module, ProgramSpec program, int programType, int errno, String log) {
        VerifierLog parsed = VerifierLog.parse(log);
        Refusal kind = Refusal.of(parsed.summary());
        return new VerifierException(
                program.name(), errno, log, parsed, place(module, program, parsed.instruction()), kind);
    }

    /** The last line record at or before the instruction. */
    private static SourceLine place(CompiledModule module, ProgramSpec program, int instruction) {
        Map.Entry<Integer, SourceLine> last = SourceLine.of(
                        program.lineInfo(), program.lineInfoSize(), Btf.parse(module.btf()))
                .floorEntry(instruction);
        return last == null ? UNKNOWN : last.getValue();
    }

    private static String message(String program, int errno, VerifierLog log, SourceLine place) {
        StringBuilder text = new StringBuilder("the verifier refuses " + program);
        if (place.line() > 0) {
            text.append(" at ").append(place.file()).append(':').append(place.line());
        }
        text.append(": ")
                .append(log.summary())
                .append(" (")
                .append(Errno.name(errno))
                .append(')');
        if (!place.text().isEmpty()) {
            text.append("\n  line ").append(place.line()).append(": ").append(place.text());
        }
        if (!log.text().isEmpty()) {
            text.append("\n  instruction ")
                    .append(log.instruction())
                    .append(": ")
                    .append(log.text());
        }
        return text.toString();
    }

    /**
     * The refused function.
     *
     * @return its name in the C text
     */
    public String programName() {
        return programName;
    }

    /**
     * The error number.
     *
     * @return {@code EACCES}, {@code EINVAL}, {@code E2BIG}, ... as a positive number
     */
    public int errno() {
        return errno;
    }

    /**
     * The file of the line.
     *
     * @return {@code /virtual/main.c} for the C text itself, a header's path, or empty if unknown
     */
    public String file() {
        return place.file();
    }

    /**
     * The line of the C text that the refused instruction was made from.
     *
     * @return from 1; 0 if unknown
     */
    public int line() {
        return place.line();
    }

    /**
     * The column in the rewritten line, which is near that of the user's.
     *
     * @return from 1; 0 if unknown
     */
    public int column() {
        return place.column();
    }

    /**
     * That line.
     *
     * @return as the user wrote it, empty if unknown
     */
    public String sourceLine() {
        return place.text();
    }

    /**
     * The index of the refused instruction.
     *
     * @return from 0; -1 if the log names none
     */
    public int instruction() {
        return parsed.instruction();
    }

    /**
     * The refused instruction.
     *
     * @return as the log prints it, empty if it names none
     */
    public String instructionText() {
        return parsed.text();
    }

    /**
     * The complaint.
     *
     * @return one line of the log
     */
    public String summary() {
        return parsed.summary();
    }

    /**
     * Everything the verifier said.
     *
     * @return the whole log
     */
    public String log() {
        return log;
    }

    /**
     * Which of the common causes it is.
     *
     * @return {@link Refusal#OTHER} if none
     */
    public Refusal kind() {
        return kind;
    }
}
