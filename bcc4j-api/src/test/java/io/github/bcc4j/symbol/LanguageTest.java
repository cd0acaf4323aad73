package io.github.bcc4j.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LanguageTest {
    private static String mapped(String... files) {
        StringBuilder maps = new StringBuilder();
        for (String file : files) {
            maps.append("7f0000000000-7f0000001000 r-xp 00000000 fe:01 1234                       ")
                    .append(file)
                    .append('\n');
        }
        return maps.toString();
    }

    @Test
    void theExecutablesNameTells() {
        assertThat(Language.of("/usr/bin/python3.11", "")).contains(Language.PYTHON);
        assertThat(Language.of("/usr/bin/node", "")).contains(Language.NODE);
        assertThat(Language.of("/usr/sbin/php-fpm8.2", "")).contains(Language.PHP);
        assertThat(Language.of("/opt/ruby (deleted)", "")).contains(Language.RUBY);
    }

    @Test
    void theFolderOfTheExecutableDoesNot() {
        assertThat(Language.of("/home/java/bin/server", mapped("/usr/lib/libc.so.6")))
                .contains(Language.C);
    }

    @Test
    void elseALibraryTells() {
        assertThat(Language.of("/usr/sbin/apache2", mapped("/usr/lib/libc.so.6", "/usr/lib/libperl.so.5.36")))
                .contains(Language.PERL);
        assertThat(Language.of("/opt/app/launcher", mapped("/opt/jdk/lib/libjava.so")))
                .contains(Language.JAVA);
        assertThat(Language.of("/bin/ls", mapped("[heap]", "/lib/libc-2.31.so")))
                .contains(Language.C);
    }

    @Test
    void nothingTellsOfAStaticProgramAStrangerOrNoProcess() {
        assertThat(Language.of("/bin/busybox", mapped("/bin/busybox", "[stack]", "/lib/libcap.so.2")))
                .isEmpty();
        assertThat(Language.of(Integer.MAX_VALUE)).isEmpty();
    }

    @Test
    void thisProcessIsJava() {
        assertThat(Language.of(ProcessHandle.current().pid())).contains(Language.JAVA);
    }
}
