package io.github.bcc4j.junit;

import io.github.bcc4j.junit.GuestEvent.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The program that {@link GuestTests} and {@link OnKernels} run in the guest: executes tests, reports each step as it happens. */
public final class GuestMain {
    /** In the place of selectors: there is a folder of requests. */
    static final String SERVE = "serve";

    private GuestMain() {}

    /**
     * Runs tests.
     *
     * @param args the report's file; then any number of {@code class=NAME}, {@code package=NAME}, {@code method=NAME},
     *     {@code id=UNIQUE_ID}, {@code tag=EXPRESSION}. Or {@code serve} and a folder, where files with such arguments are waited
     *     for
     * @throws IOException if the report can't be written
     */
    public static void main(String[] args) throws IOException {
        if (args[0].equals(SERVE)) {
            serve(Path.of(args[1]));
        } else {
            try (OutputStream report = Files.newOutputStream(Path.of(args[0]));
                    LauncherSession session = LauncherFactory.openSession()) {
                execute(session, List.of(args).subList(1, args.length), new GuestReporter(report));
            }
        }
    }

    private static void execute(LauncherSession session, List<String> selection, GuestReporter reporter) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        List<DiscoverySelector> selectors = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        for (String arg : selection) {
            String value = arg.substring(arg.indexOf('=') + 1);
            switch (arg.substring(0, arg.indexOf('='))) {
                case "class" -> selectors.add(DiscoverySelectors.selectClass(value));
                case "package" -> selectors.add(DiscoverySelectors.selectPackage(value));
                case "method" -> selectors.add(DiscoverySelectors.selectMethod(value));
                case "id" -> selectors.add(DiscoverySelectors.selectUniqueId(value));
                case "tag" -> tags.add(value);
                default -> throw new IllegalArgumentException(arg);
            }
        }
        request.selectors(selectors);
        if (!tags.isEmpty()) {
            request.filters(TagFilter.includeTags(tags));
        }
        session.getLauncher().execute(request.build(), reporter);
    }

    /** Takes request after request, until the guest is ended from without. */
    private static void serve(Path folder) throws IOException {
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getLauncher();
            Files.createFile(folder.resolve(GuestSession.READY));
            for (int number = 1; ; number++) {
                List<String> selection = request(folder.resolve(GuestSession.request(number)));
                try (OutputStream report = Files.newOutputStream(folder.resolve(GuestSession.report(number)))) {
                    GuestReporter reporter = new GuestReporter(report);
                    System.setOut(reporter.printing(Kind.OUT));
                    System.setErr(reporter.printing(Kind.ERR));
                    execute(session, selection, reporter);
                } finally {
                    System.setOut(out);
                    System.setErr(err);
                }
            }
        }
    }

    /** Waits by looking again and again, ever less often: a shared folder of a virtual machine tells no one of new files. */
    private static List<String> request(Path file) throws IOException {
        long pause = 5_000_000;
        while (!Files.exists(file)) {
            LockSupport.parkNanos(pause);
            pause = Math.min(pause + pause / 8, 250_000_000);
        }
        return Files.readAllLines(file);
    }
}
