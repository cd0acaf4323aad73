package io.github.bcc4j.junit;

import io.github.bcc4j.junit.HostProgram.Outcome;
import io.github.bcc4j.junit.VmException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Debian's kernel packages, asked for with sources and lists of our own: the machine's package state is neither read nor
 * changed, nothing is installed, and no root is needed.
 */
final class KernelPackages {
    private static final Pattern COMMON_HEADERS = Pattern.compile("linux-headers-\\S+-common(?:-rt)?");

    private final Path work;
    private final Path aptGet;
    private final Path aptCache;
    private final List<String> options;

    /** Opens the private package state below a directory. */
    KernelPackages(Path etcApt, Path work) throws IOException {
        this.work = work;
        this.aptGet = HostProgram.require("apt-get", "fetch a Debian kernel", "apt");
        this.aptCache = HostProgram.require("apt-cache", "choose a Debian kernel", "apt");
        String sources = AptSources.read(etcApt).kernelSuites();
        if (sources.isEmpty()) {
            throw new VmException(
                    Reason.KERNEL,
                    "fetch a Debian kernel: no Debian mirror in " + etcApt + "/sources.list or "
                            + etcApt.resolve("sources.list.d"),
                    "add a Debian mirror to apt's sources, or name a bzImage file instead of a version");
        }
        Path parts = Files.createDirectories(work.resolve("sources"));
        Files.writeString(parts.resolve("kernels.sources"), sources);
        Path lists = Files.createDirectories(work.resolve("lists/partial")).getParent();
        Path archives =
                Files.createDirectories(work.resolve("cache/archives/partial")).getParent();
        this.options = List.of(
                "-oDir::Etc::SourceList=/dev/null",
                "-oDir::Etc::SourceParts=" + parts,
                "-oDir::State::Lists=" + lists,
                "-oDir::Cache=" + archives.getParent(),
                "-oAPT::Sandbox::User=root",
                "-oAcquire::Languages=none",
                "-oAcquire::Retries=2");
    }

    /** Refreshes the lists and returns the releases on offer. A suite that fails is an error only if none is left. */
    Set<String> releases() throws IOException, InterruptedException {
        Outcome update = run(aptGet, List.of("-q", "update"));
        String prefix = "linux-image-";
        Set<String> releases = run(aptCache, List.of("pkgnames", prefix))
                .text()
                .lines()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .filter(name -> !name.endsWith("-unsigned") && !name.endsWith("-dbg") && !name.endsWith("-template"))
                .collect(Collectors.toSet());
        if (releases.isEmpty()) {
            throw new VmException(
                    Reason.KERNEL,
                    "fetch the list of Debian kernels: apt-get update left none (exit status " + update.status() + ")"
                            + quote(update),
                    "check the network and apt's proxy; kernels already fetched work without a network");
        }
        return releases;
    }

    /** Unpacks kernel, modules and headers of a release into an empty root. */
    void unpack(String release, Path root) throws IOException, InterruptedException {
        Set<String> packages = packagesOf(release);
        Path debs = Files.createDirectories(work.resolve("debs"));
        VmCache.deleteTree(debs);
        Files.createDirectories(debs);
        List<String> download = new ArrayList<>(List.of("-q", "download"));
        download.addAll(packages);
        Outcome outcome = run(debs, aptGet, download);
        if (outcome.status() != 0) {
            throw new VmException(
                    Reason.KERNEL,
                    "download " + String.join(" ", packages) + ": apt-get ended with status " + outcome.status()
                            + quote(outcome),
                    "check the network and apt's proxy");
        }
        Path dpkg = HostProgram.require("dpkg", "unpack a Debian kernel", "dpkg");
        try (var files = Files.newDirectoryStream(debs, "*.deb")) {
            for (Path deb : files) {
                Outcome unpacked = HostProgram.run(true, debs, dpkg, List.of("-x", deb.toString(), root.toString()));
                if (unpacked.status() != 0) {
                    throw new VmException(
                            Reason.KERNEL,
                            "unpack " + deb.getFileName() + " into " + root + quote(unpacked),
                            "a kernel and its headers need about 600 MB of disk");
                }
            }
        }
        VmCache.deleteTree(debs);
    }

    /** The kernel with its modules (in one package or split over two), and the headers of the flavour and of all. */
    private Set<String> packagesOf(String release) throws IOException, InterruptedException {
        Set<String> packages = new LinkedHashSet<>();
        String image = "linux-image-" + release;
        packages.add(image);
        String depends = depends(image);
        for (String part : List.of("linux-binary-" + release, "linux-modules-" + release)) {
            if (Arrays.asList(depends.split("[\\s,|]+")).contains(part)) {
                packages.add(part);
            }
        }
        if (packages.size() > 1) {
            packages.add("linux-base-" + release);
        }
        String headers = "linux-headers-" + release;
        packages.add(headers);
        Matcher common = COMMON_HEADERS.matcher(depends(headers));
        if (common.find()) {
            packages.add(common.group());
        }
        return packages;
    }

    private String depends(String name) throws IOException, InterruptedException {
        Outcome shown = run(aptCache, List.of("show", "--no-all-versions", name));
        return shown.text()
                .lines()
                .filter(line -> line.startsWith("Depends:"))
                .findFirst()
                .orElseThrow(() -> new VmException(
                        Reason.KERNEL, "read the dependencies of " + name + quote(shown), "try another release"));
    }

    private Outcome run(Path program, List<String> arguments) throws IOException, InterruptedException {
        return run(work, program, arguments);
    }

    private Outcome run(Path directory, Path program, List<String> arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(options);
        all.addAll(arguments);
        return HostProgram.run(true, directory, program, all);
    }

    /** The lines of apt that say what went wrong, or its last ones. */
    private static String quote(Outcome outcome) {
        List<String> lines = outcome.text().lines().filter(l -> !l.isBlank()).toList();
        List<String> telling =
                lines.stream().filter(l -> l.matches("(E:|Err:|W:).*")).toList();
        List<String> chosen = telling.isEmpty() ? lines : telling;
        return chosen.subList(Math.max(0, chosen.size() - 8), chosen.size()).stream()
                .map(line -> System.lineSeparator() + "    " + line)
                .collect(Collectors.joining());
    }
}
