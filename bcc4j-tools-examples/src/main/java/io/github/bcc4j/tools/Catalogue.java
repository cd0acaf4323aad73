package io.github.bcc4j.tools;

import io.github.bcc4j.tools.cli.Subcommand;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands there are, by family. A command's class is loaded when it is asked for: a start pays for one. */
final class Catalogue {
    static final Map<String, List<String>> FAMILIES = families();

    private Catalogue() {}

    private static Map<String, List<String>> families() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put(
                "Processes and scheduling",
                List.of(
                        "execsnoop",
                        "profile",
                        "offcputime",
                        "offwaketime",
                        "runqlat",
                        "runqlen",
                        "cpudist",
                        "syscount",
                        "softirqs",
                        "hardirqs",
                        "killsnoop",
                        "capable"));
        all.put(
                "Files and the page cache",
                List.of(
                        "opensnoop",
                        "statsnoop",
                        "mountsnoop",
                        "cachestat",
                        "ext4slower",
                        "xfsslower",
                        "btrfsslower",
                        "nfsslower",
                        "vfsstat"));
        all.put("Block devices", List.of("biolatency", "biosnoop", "biotop", "bitesize", "bitehist"));
        all.put(
                "The network",
                List.of(
                        "tcpconnect",
                        "tcpaccept",
                        "tcpretrans",
                        "tcplife",
                        "tcpstates",
                        "tcpconnlat",
                        "gethostlatency"));
        all.put(
                "Any function or tracepoint",
                List.of("trace", "argdist", "funccount", "stackcount", "funclatency", "tplist"));
        all.put("Java", List.of("javagc", "javathreads", "javacalls", "javaobjnew"));
        all.put("Examples", List.of("demo", "hello", "run"));
        all.put("bcc4j itself", List.of("doctor", "compile", "target", "cache", "completion"));
        return all;
    }

    /** A command by its name, or null. */
    static Subcommand command(String name) {
        return switch (name) {
            // processes and scheduling
            case "execsnoop" -> new Execsnoop();
            case "profile" -> new Profile();
            case "offcputime" -> new Offcputime();
            case "offwaketime" -> new Offwaketime();
            case "runqlat" -> new Runqlat();
            case "runqlen" -> new Runqlen();
            case "cpudist" -> new Cpudist();
            case "syscount" -> new Syscount();
            case "softirqs" -> new Softirqs();
            case "hardirqs" -> new Hardirqs();
            case "killsnoop" -> new Killsnoop();
            case "capable" -> new Capable();
            // files and the page cache
            case "opensnoop" -> new Opensnoop();
            case "statsnoop" -> new Statsnoop();
            case "mountsnoop" -> new Mountsnoop();
            case "cachestat" -> new Cachestat();
            case "ext4slower" -> new Slower.Ext4();
            case "xfsslower" -> new Slower.Xfs();
            case "btrfsslower" -> new Slower.Btrfs();
            case "nfsslower" -> new Slower.Nfs();
            case "vfsstat" -> new Vfsstat();
            // block devices
            case "biolatency" -> new Biolatency();
            case "biosnoop" -> new Biosnoop();
            case "biotop" -> new Biotop();
            case "bitehist" -> new Bitehist();
            case "bitesize" -> new Bitesize();
            // the network
            case "tcpconnect" -> new Tcpconnect();
            case "tcpaccept" -> new Tcpaccept();
            case "tcpretrans" -> new Tcpretrans();
            case "tcplife" -> new Tcplife();
            case "tcpstates" -> new Tcpstates();
            case "tcpconnlat" -> new Tcpconnlat();
            case "gethostlatency" -> new Gethostlatency();
            // memory
            // any function or tracepoint
            case "trace" -> new Trace();
            case "argdist" -> new Argdist();
            case "funccount" -> new Funccount();
            case "stackcount" -> new Stackcount();
            case "funclatency" -> new Funclatency();
            case "tplist" -> new Tplist();
            // Java
            case "javagc" -> new Javagc();
            case "javathreads" -> new Javathreads();
            case "javacalls" -> new Javacalls();
            case "javaobjnew" -> new Javaobjnew();
            // examples, and bcc4j itself
            case "demo" -> new Demo();
            case "hello" -> new Hello();
            case "run" -> new RunCommand();
            case "doctor" -> new DoctorCommand();
            case "compile" -> new CompileCommand();
            case "target" -> new TargetCommand();
            case "cache" -> new CacheCommand();
            case "completion" -> new CompletionCommand();
            case "train" -> new TrainCommand();
            default -> null;
        };
    }

    static List<String> names() {
        return FAMILIES.values().stream().flatMap(List::stream).toList();
    }
}
