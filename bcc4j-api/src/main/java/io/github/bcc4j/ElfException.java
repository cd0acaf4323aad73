package io.github.bcc4j;

import java.nio.file.Path;

/** A file is not an executable or library that can be read, or is damaged. */
public class ElfException extends BpfException {
    private static final long serialVersionUID = 1;

    /** The file. */
    private final String file;

    /**
     * A file that can't be read as ELF.
     *
     * @param file which
     * @param why what is wrong with it
     * @param hint what would help, or null
     * @param cause what lies beneath, or null
     */
    public ElfException(Path file, String why, String hint, Throwable cause) {
        super(file + ": " + why, hint, cause);
        this.file = file.toString();
    }

    /**
     * The file that can't be read.
     *
     * @return its path
     */
    public Path file() {
        return Path.of(file);
    }
}
