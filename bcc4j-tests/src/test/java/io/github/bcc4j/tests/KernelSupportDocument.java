package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.junit.KernelImage;
import io.github.bcc4j.junit.KernelVm;
import io.github.bcc4j.kernel.Doctor;
import io.github.bcc4j.kernel.KernelVersion;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Writes docs/kernel-support.md; run by its name alone, which keeps the build from taking it for a test. */
class KernelSupportDocument {
    @Test
    void write() throws Exception {
        Map<String, Map<String, String>> columns = new LinkedHashMap<>();
        Map<String, String> releases = new LinkedHashMap<>();
        for (String kernel : List.of("6.1", "6.12", "7")) {
            KernelImage image = KernelImage.fetch(kernel);
            columns.put(kernel, inGuest(image));
            releases.put(kernel, "Debian's " + image.release() + ", in a virtual machine");
        }
        KernelVersion here = KernelVersion.current();
        String version = here.major() + "." + here.minor() + "." + here.patch();
        String host = version + SupportDocument.HOST;
        columns.put(host, KernelSupport.answers());
        releases.put(host, "the machine that wrote this document");
        Files.writeString(SupportDocument.FILE, new SupportDocument(columns).text(library(), releases));
    }

    private static Map<String, String> inGuest(KernelImage image) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (KernelVm vm = KernelVm.builder(image).compilesOnHost().build()) {
            List<String> java = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    KernelSupport.class.getName());
            assertThat(vm.run(java, out, System.err).exitStatus()).isZero();
        }
        Map<String, String> answers = new LinkedHashMap<>();
        out.toString(StandardCharsets.UTF_8).lines().forEach(line -> {
            int tab = line.lastIndexOf('\t');
            answers.put(line.substring(0, tab), line.substring(tab + 1));
        });
        return answers;
    }

    private static String library() {
        return Doctor.examine().findings().stream()
                .map(finding -> Pattern.compile("libbcc.* (\\d+\\.\\d+\\.\\d+)").matcher(finding.what()))
                .filter(Matcher::find)
                .map(found -> "libbcc " + found.group(1))
                .findFirst()
                .orElseThrow();
    }
}
