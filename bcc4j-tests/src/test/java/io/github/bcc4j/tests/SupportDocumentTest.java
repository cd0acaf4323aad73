package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.kernel.KernelVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SupportDocumentTest {
    private static final Map<String, String> OLD = Map.of("Attachments\tkprobe", "yes", "Maps\t`hash`", "no");
    private static final Map<String, String> NEW = Map.of("Attachments\tkprobe", "refused", "Maps\t`hash`", "yes");

    @Test
    void whatIsWrittenIsReadBack() {
        Map<String, Map<String, String>> columns = new LinkedHashMap<>();
        columns.put("6.1", OLD);
        columns.put("6.18 (host)", NEW);
        String text = new SupportDocument(columns).text("libbcc 0.26.0", Map.of("6.1", "6.1.0-56-amd64"));

        SupportDocument read = SupportDocument.parse(text.lines().toList());

        assertThat(read.columns()).isEqualTo(columns);
        assertThat(text).contains("\n- 6.1: 6.1.0-56-amd64\n").contains("\n| kprobe | yes | refused |\n");
    }

    @Test
    void aKernelsColumnIsThatOfItsVersion() {
        SupportDocument document = new SupportDocument(Map.of("6.1", OLD, "7", NEW, "6.12.1 (host)", NEW));

        assertThat(document.column(KernelVersion.parse("6.1.0-56-amd64"), true)).hasValue(OLD);
        assertThat(document.column(KernelVersion.parse("7.3.4"), true)).hasValue(NEW);
        assertThat(document.column(KernelVersion.parse("6.12.1"), true)).isEmpty();
        assertThat(document.column(KernelVersion.parse("6.12.1"), false)).hasValue(NEW);
        assertThat(document.column(KernelVersion.parse("6.12.1-own"), false)).hasValue(NEW);
        assertThat(document.column(KernelVersion.parse("6.12.10"), false)).isEmpty();
        assertThat(document.column(KernelVersion.parse("6.1.0"), false)).isEmpty();
    }

    @Test
    void eachDifferenceIsNamed() {
        assertThat(SupportDocument.differences(OLD, NEW))
                .containsExactlyInAnyOrder(
                        "Attachments, kprobe: the document says yes, the kernel refused",
                        "Maps, `hash`: the document says no, the kernel yes");
        assertThat(SupportDocument.differences(Map.of(), Map.of("Maps\thash", "yes")))
                .containsExactly("Maps, hash: the document says nothing, the kernel yes");
        assertThat(SupportDocument.differences(OLD, OLD)).isEmpty();
    }
}
