package io.github.bcc4j.viz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium with one page at a time, opened from a file. */
final class Browser implements AutoCloseable {
    private final Path folder;
    private final ChromeDriver driver;
    private int pages;

    /** What a page has drawn. */
    record Box(String name, long value, double x, double y, double w, double h, long node) {}

    Browser(Path folder) {
        this.folder = folder;
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + folder.resolve("user"));
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                        .build(),
                options);
        driver.manage().window().setSize(new Dimension(1200, 800));
    }

    /** Opens a page, and waits until it has drawn. */
    void open(String html) {
        try {
            Path file = Files.writeString(folder.resolve("page" + ++pages + ".html"), html);
            driver.get(file.toUri().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        until("return !!globalThis.bcc4j");
    }

    void until(String condition) {
        new WebDriverWait(driver, Duration.ofSeconds(30))
                .until(d -> Boolean.TRUE.equals(driver.executeScript(condition)));
    }

    ChromeDriver driver() {
        return driver;
    }

    WebElement element(String id) {
        return driver.findElement(By.id(id));
    }

    String text(String id) {
        return element(id).getText();
    }

    String address() {
        String url = driver.getCurrentUrl();
        return url.contains("#") ? url.substring(url.indexOf('#')) : "";
    }

    Object script(String script) {
        return driver.executeScript(script);
    }

    @SuppressWarnings("unchecked")
    List<Box> boxes() {
        return ((List<Map<String, Object>>) driver.executeScript("return bcc4j.boxes()"))
                .stream()
                        .map(b -> new Box(
                                (String) b.get("name"),
                                number(b, "value").longValue(),
                                number(b, "x").doubleValue(),
                                number(b, "y").doubleValue(),
                                number(b, "w").doubleValue(),
                                number(b, "h").doubleValue(),
                                number(b, "node").longValue()))
                        .toList();
    }

    private static Number number(Map<String, Object> box, String key) {
        return (Number) box.get(key);
    }

    Box box(String name) {
        return boxes().stream()
                .filter(b -> b.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no box " + name + " in " + boxes()));
    }

    /** The pointer's way to the middle of a box. */
    Actions to(Box box) {
        WebElement canvas = element("graph");
        int x = (int) (box.x() + box.w() / 2 - canvas.getSize().width / 2.0);
        int y = (int) (box.y() + box.h() / 2 - canvas.getSize().height / 2.0);
        return new Actions(driver).moveToElement(canvas, x, y);
    }

    void colours(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    void width(int pixels) {
        driver.manage().window().setSize(new Dimension(pixels, 800));
    }

    /** A picture for people to look at. */
    void screenshot(String name) {
        try {
            Path file = Path.of("target", "screenshots", name + ".png");
            Files.createDirectories(file.getParent());
            Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
