package io.github.bcc4j.viz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.bcc4j.symbol.Frame;
import io.github.bcc4j.viz.Browser.Box;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Flame graphs as people use them: in a browser, with a pointer and with keys. */
@Tag("browser")
class FlameGraphPageTest {
    private static Browser browser;

    @BeforeAll
    static void start(@TempDir Path folder) {
        browser = new Browser(folder);
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    @BeforeEach
    void wide() {
        browser.width(1200);
        browser.colours("light");
    }

    static StackProfile server() {
        return StackProfile.parseFolded("CPU of a server", "samples", List.of("""
                java;main;Server.run_[j];Handler.handle_[j];Parser.parse_[j] 400
                java;main;Server.run_[j];Handler.handle_[j];read;sys_read_[k];vfs_read_[k] 250
                java;main;Server.run_[j];Handler.handle_[j];write;sys_write_[k];vfs_write_[k] 150
                java;main;Server.run_[j] 25
                java;GC;mark 100
                sh;main;read;sys_read_[k];vfs_read_[k] 60
                sh;main 15
                """.split("\n")));
    }

    @Test
    void boxesAreAsWideAsTheirValues() {
        browser.open(FlameGraph.html(server()));
        Box all = browser.box("all");
        assertThat(all.value()).isEqualTo(1000);
        assertThat(browser.text("title")).isEqualTo("CPU of a server");
        Map<String, Long> expected =
                Map.of("java", 925L, "sh", 75L, "Server.run", 825L, "Parser.parse", 400L, "mark", 100L, "write", 150L);
        expected.forEach((name, value) -> {
            Box box = browser.box(name);
            assertThat(box.value()).as(name).isEqualTo(value);
            assertThat(box.w()).as(name).isCloseTo(all.w() * value / 1000, within(1e-6));
        });
        assertThat(browser.box("java").y()).isLessThan(all.y());
        assertThat(browser.box("main").y()).isLessThan(browser.box("java").y());
    }

    @Test
    void aPointerShowsExactNumbers() {
        browser.open(FlameGraph.html(server()));
        browser.to(browser.box("Parser.parse")).perform();
        assertThat(browser.text("tip").lines())
                .containsExactly(
                        "Parser.parse",
                        "run-time compiled code",
                        "400 samples, 40.00% of all",
                        "of these itself: 400 samples");
        browser.to(browser.box("vfs_write")).perform();
        assertThat(browser.text("detail"))
                .isEqualTo("vfs_write · kernel · 150 samples, 15.00% of all · of these itself: 150 samples");
    }

    @Test
    void aClickZoomsAndTheAddressKeepsIt() {
        browser.open(FlameGraph.html(server()));
        double width = browser.box("all").w();
        browser.to(browser.box("sh")).click().perform();
        assertThat(browser.box("sh").w()).isEqualTo(width);
        assertThat(browser.boxes()).extracting(Box::name).doesNotContain("java").contains("all", "vfs_read");
        browser.to(browser.box("read")).perform();
        assertThat(browser.text("tip")).contains("60 samples, 6.00% of all, 80.00% of sh");
        String address = browser.address();
        assertThat(address).startsWith("#zoom=");
        browser.driver().navigate().back();
        assertThat(browser.box("sh").w()).isLessThan(width);
        browser.driver().navigate().forward();
        browser.driver().navigate().refresh(); // as who was sent the link
        browser.until("return !!globalThis.bcc4j");
        assertThat(browser.box("sh").w()).isEqualTo(width);
        browser.element("reset").click();
        assertThat(browser.boxes()).extracting(Box::name).contains("java");
    }

    @Test
    void aSearchCountsEachStackOnce() {
        browser.open(FlameGraph.html(server()));
        browser.element("search").sendKeys("READ");
        assertThat(browser.text("found"))
                .isEqualTo("310 samples in it, 31.00%"); // read, sys_read and vfs_read are one stack
        browser.element("search").clear();
        browser.element("search").sendKeys("/^(mark|write)$/");
        assertThat(browser.text("found")).isEqualTo("250 samples in it, 25.00%");
        assertThat(browser.address()).contains("search=");
        browser.element("search").sendKeys(Keys.chord(Keys.CONTROL, "a"), "/(/");
        assertThat(browser.text("found")).isEqualTo("not a regular expression");
        browser.element("search").sendKeys(Keys.ESCAPE);
        assertThat(browser.text("found")).isEmpty();
    }

    @Test
    void anIcicleHangsDown() {
        browser.open(FlameGraph.html(server()));
        browser.element("icicle").click();
        assertThat(browser.box("all").y()).isZero();
        assertThat(browser.box("main").y()).isGreaterThan(browser.box("java").y());
    }

    @Test
    void stacksCanBeMergedFromTheirEnds() {
        browser.open(FlameGraph.html(server()));
        browser.element("merge").click();
        double row = browser.box("all").y() - browser.box("all").h();
        Map<String, Long> ends = new HashMap<>();
        browser.boxes().stream().filter(b -> b.y() == row).forEach(b -> ends.put(b.name(), b.value()));
        assertThat(ends)
                .isEqualTo(Map.of(
                        "Parser.parse",
                        400L,
                        "vfs_read",
                        310L,
                        "vfs_write",
                        150L,
                        "Server.run",
                        25L,
                        "mark",
                        100L,
                        "main",
                        15L));
        assertThat(browser.address()).contains("merge=1");
    }

    @Test
    void keysDoAllThatAPointerDoes() {
        browser.open(FlameGraph.html(server()));
        var canvas = browser.element("graph");
        canvas.sendKeys(Keys.ARROW_UP);
        assertThat(browser.text("detail")).startsWith("java · ");
        canvas.sendKeys(Keys.ARROW_RIGHT);
        assertThat(browser.text("detail")).startsWith("sh · ");
        canvas.sendKeys(Keys.ARROW_UP, Keys.ENTER);
        assertThat(browser.address()).contains("zoom=");
        assertThat(browser.boxes()).extracting(Box::name).doesNotContain("java");
        canvas.sendKeys(Keys.ESCAPE);
        assertThat(browser.boxes()).extracting(Box::name).contains("java");
        canvas.sendKeys("/");
        browser.driver().switchTo().activeElement().sendKeys("mark");
        assertThat(browser.text("found")).isEqualTo("100 samples in it, 10.00%");
    }

    @Test
    void whatHasChangedIsShown() {
        StackProfile before = StackProfile.parseFolded("before", "us", List.of("a;x 100", "a;gone 50", "b 50"));
        StackProfile after = StackProfile.parseFolded("after", "us", List.of("a;x 300", "a;new 20", "b 80"));
        browser.open(FlameGraph.difference(before, after));
        browser.to(browser.box("x")).perform();
        assertThat(browser.text("tip").lines())
                .containsExactly("x", "user code", "300 us, 75.00% of all", "before: 100 us, 50.00%");
        assertThat(browser.boxes()).extracting(Box::name).contains("new").doesNotContain("gone");
        browser.element("before").click();
        assertThat(browser.boxes()).extracting(Box::name).contains("gone").doesNotContain("new");
        assertThat(browser.box("all").value()).isEqualTo(200);
        browser.screenshot("flame-difference");
    }

    @Test
    void hostileNamesDoNothing() {
        StackProfile profile = new StackProfile("</script><script>globalThis.pwned = 1</script>\u202egnp", "samples");
        List<String> names = List.of(
                "<img src=x onerror='globalThis.pwned = 2'>",
                "\u202etxt.exe",
                "a\u0000b\nc",
                "\u05d0\u05d1\u05d2",
                "long".repeat(20_000));
        for (String name : names) {
            profile.add("<b>group</b>", List.of(new Frame(Frame.Kind.USER, 1, name, 0, "</script>\u2066")), 10);
        }
        browser.open(FlameGraph.html(profile));
        assertThat(browser.text("title")).isEqualTo("</script><script>globalThis.pwned = 1</script>\\u202egnp");
        assertThat(browser.boxes())
                .extracting(Box::name)
                .contains("<b>group</b>", names.getFirst(), "\\u202etxt.exe", "a\\u0000b\\u000ac", names.get(3));
        browser.to(browser.box(names.getFirst())).perform();
        assertThat(browser.text("tip").lines().toList().subList(0, 2))
                .containsExactly(names.getFirst(), "user code, </script>\\u2066");
        assertThat(browser.script("return globalThis.pwned")).isNull();
        assertThat(browser.driver().manage().logs().get("browser").getAll())
                .noneMatch(e -> e.getMessage().contains("Error"));
    }

    @Test
    void aHundredThousandStacksAreDrawn() {
        Random random = new Random(8);
        StackProfile profile = new StackProfile("many", "samples");
        List<Frame> functions = new ArrayList<>();
        for (int i = 0; i < 4000; i++) {
            functions.add(new Frame(Frame.Kind.values()[i % 3], i, "function_of_some_length_" + i, 0, ""));
        }
        while (profile.stacks() < 100_000) {
            for (int i = 0; i < 50_000; i++) {
                List<Frame> stack = new ArrayList<>();
                int depth = random.nextInt(5, 40);
                int at = 0;
                for (int d = 0; d < depth; d++) {
                    at = (at * 31 + (int) Math.abs(random.nextGaussian() * 3) + d) % functions.size();
                    stack.add(functions.get(at));
                }
                profile.add("prog", stack.reversed(), 1 + random.nextInt(9));
            }
        }
        long start = System.nanoTime();
        String html = FlameGraph.html(profile);
        long written = System.nanoTime();
        browser.open(html);
        System.out.printf(
                "%s: %.1f MB of HTML written in %d ms, drawn after %d ms more, %s nodes%n",
                profile,
                html.length() / 1e6,
                (written - start) / 1_000_000,
                (System.nanoTime() - written) / 1_000_000,
                browser.script("return bcc4j.nodes()"));
        assertThat(((Number) browser.script("return bcc4j.total()")).longValue())
                .isEqualTo(profile.total());
        assertThat(((Number) browser.script("return bcc4j.nodes()")).intValue())
                .isEqualTo(profile.tree().size());
        Box widest =
                browser.boxes().stream().filter(b -> b.node() > 500).findFirst().orElseThrow();
        browser.script("location.hash = '#zoom=" + widest.node() + "'");
        browser.until("return bcc4j.boxes().some(b => b.node === " + widest.node() + " && b.w > 1000)");
        browser.element("merge").click();
        assertThat(browser.box("all").value()).isEqualTo(profile.total());
    }

    @Test
    void itLooksRightAtTwoWidthsLightAndDark() {
        browser.open(FlameGraph.html(server()));
        for (String scheme : List.of("light", "dark")) {
            for (int width : List.of(1200, 480)) {
                browser.colours(scheme);
                browser.width(width);
                browser.until("return bcc4j.boxes()[0].w < " + width + " && bcc4j.boxes()[0].w > " + (width - 80));
                assertThat((Boolean) browser.script("return document.documentElement.scrollWidth <= innerWidth"))
                        .isTrue();
                browser.screenshot("flame-" + scheme + "-" + width);
            }
        }
    }
}
