package io.github.bcc4j.type;

import io.github.bcc4j.BpfException;
import java.util.List;

/** A Java type does not fit the C type it is to be read from. The message shows both, and each problem. */
public class LayoutMismatchException extends BpfException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /**
     * A mismatch.
     *
     * @param what what was bound: {@code event of "events"}
     * @param java the Java type, as text
     * @param layout the C type
     * @param problems each problem
     */
    public LayoutMismatchException(String what, String java, Layout layout, List<String> problems) {
        super(what + " does not fit " + java + ":\n  " + String.join("\n  ", problems) + "\nIn C it is "
                + layout.describe());
        this.problems = List.copyOf(problems);
    }

    /**
     * Each problem.
     *
     * @return a line each
     */
    public List<String> problems() {
        return problems;
    }
}
