package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.CgroupSpec;
import io.github.bcc4j.attach.NamespaceSpec;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.attach.SockmapSpec;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.PerCpu;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs on groups of processes or sockets: cgroups, network namespaces, maps of sockets. */
@Tag("native")
@Timeout(120)
class GroupTest {
    private Cgroup own;
    private Path cgroup;

    @BeforeEach
    void makeCgroup() {
        own = Cgroup.make();
        cgroup = own.path();
    }

    @AfterEach
    void removeCgroup() throws IOException {
        own.close();
    }

    /** Runs a Python text in the cgroup. */
    private List<String> inside(String python) {
        return Workloads.run(
                        "sh",
                        "-c",
                        "echo $$ > " + cgroup + "/cgroup.procs && exec /usr/bin/python3 -c \"$0\"",
                        "import socket, os, errno\n" + python)
                .lines();
    }

    private CgroupSpec here(ProgramType type) {
        return new CgroupSpec(cgroup, type);
    }

    private static final String TEXT = """
            BPF_ARRAY(seen, u64, 4);
            int out(struct __sk_buff *skb) { seen.increment(0); return 1; }
            int in(struct __sk_buff *skb) { seen.increment(1); return 1; }
            int no_udp(struct bpf_sock *sk) { return sk->type != 2; }
            int elsewhere(struct bpf_sock_addr *ctx) {
                if (ctx->user_port != bpf_htons(1))
                    return 1;
                ctx->user_port = bpf_htons(2);
                seen.increment(2);
                return 1;
            }
            int forbid(struct bpf_sock_addr *ctx) { return ctx->user_port != bpf_htons(1); }
            int no_zero(struct bpf_cgroup_dev_ctx *ctx) { return !(ctx->major == 1 && ctx->minor == 5); }
            int read_only(struct bpf_sysctl *ctx) {
                if (ctx->write)
                    seen.increment(3);
                return !ctx->write;
            }
            int option(struct bpf_sockopt *ctx) { return ctx->optname != 9; }
            int wrong(void *ctx) { return 77; }
            """;

    private static long seen(BPF bpf, int index) {
        return bpf.array("seen", Long.class).get(index);
    }

    @Test
    void packetsOfACgroupAreCounted() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            BpfLink out = bpf.attach(here(ProgramType.CGROUP_EGRESS), "out");
            bpf.attach(here(ProgramType.CGROUP_INGRESS), "in");
            assertThat(out).hasToString("out at cgroup_egress:" + cgroup);
            String text = """
                    r = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); r.bind(("127.0.0.1", 0))
                    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                    for i in range(30): s.sendto(b"x", r.getsockname())
                    for i in range(30): r.recv(1)
                    """;
            inside(text);
            assertThat(seen(bpf, 0)).isEqualTo(30);
            assertThat(seen(bpf, 1)).isEqualTo(30);
            out.close();
            inside(text);
            assertThat(seen(bpf, 0)).isEqualTo(30);
            assertThat(seen(bpf, 1)).isEqualTo(60);
        }
    }

    @Test
    @Conforms("test_clang.py TestClang.test_load_cgroup_sockopt_prog")
    void whatACgroupDoesCanBeChangedOrForbidden() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            bpf.attach(here(ProgramType.CGROUP_SOCK_CREATE), "no_udp");
            bpf.attach(here(ProgramType.CGROUP_SENDMSG4), "forbid");
            bpf.attach(here(ProgramType.CGROUP_DEVICE), "no_zero");
            bpf.attach(here(ProgramType.CGROUP_SYSCTL), "read_only");
            bpf.attach(here(ProgramType.CGROUP_SETSOCKOPT), "option");
            assertThat(inside("""
                    def attempt(what):
                        try: what(); print("done")
                        except OSError as e: print(errno.errorcode[e.errno])
                    tcp = socket.socket()
                    attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                    attempt(lambda: open("/dev/zero"))
                    attempt(lambda: open("/dev/null"))
                    attempt(lambda: tcp.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1))
                    attempt(lambda: tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1))
                    attempt(lambda: open("/proc/sys/kernel/threads-max").read())
                    attempt(lambda: os.write(os.open("/proc/sys/kernel/threads-max", os.O_WRONLY), b"99"))
                    """)).containsExactly("EPERM", "EPERM", "done", "EPERM", "done", "done", "EPERM");
            assertThat(seen(bpf, 3)).isEqualTo(1);
        }
    }

    record Where(long cgroupInodeId, @Unsigned int attachType) {}

    @Test
    @Conforms("test_cg_storage.cc test cgroup storage")
    @Conforms("test_cg_storage.cc test percpu cgroup storage")
    void aCgroupsStorageIsThereWhileAProgramIsAttached() {
        try (BPF bpf = BPF.fromSource("""
                BPF_CGROUP_STORAGE(calls, u64);
                BPF_PERCPU_CGROUP_STORAGE(by_cpu, u64);
                BPF_CGROUP_STORAGE(others, int);
                int count(struct bpf_sock *sk) {
                    u64 *n = calls.get_local_storage(0), *mine = by_cpu.get_local_storage(0);
                    __sync_fetch_and_add(n, 1);
                    *mine += 1;
                    return 1;
                }
                int touch(struct bpf_sock_ops *skops) {
                    struct bpf_cgroup_storage_key key = {};
                    int zero = 0;
                    others.lookup(&key);
                    others.update(&key, &zero);
                    others.get_local_storage(0);
                    return 0;
                }
                """)) {
            BpfHash<Where, Long> calls = bpf.hash("calls", Where.class, Long.class);
            BpfHash<Where, List<Long>> byCpu = bpf.perCpuHash("by_cpu", Where.class, Long.class);
            assertThat(calls.get(new Where(0, 0))).isNull();
            assertThatThrownBy(() -> calls.set(new Where(0, 0), 1L))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("ENOENT");
            assertThat(byCpu.get(new Where(0, 0))).isNull();
            assertThatThrownBy(() -> byCpu.set(
                            new Where(0, 0), Collections.nCopies(Cpus.possible().cardinality(), 1L)))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("ENOENT");
            assertThat(calls.keySet()).isEmpty();
            bpf.attach(here(ProgramType.CGROUP_SOCK_CREATE), "count");
            inside("for _ in range(5): socket.socket(socket.AF_INET, socket.SOCK_DGRAM)");
            Where where = calls.keySet().iterator().next();
            assertThat(calls).containsOnly(Map.entry(where, 5L));
            assertThat(PerCpu.sum(byCpu.get(where))).isEqualTo(5);
            calls.set(where, 50L);
            inside("socket.socket(socket.AF_INET, socket.SOCK_DGRAM)");
            assertThat(calls.get(where)).isEqualTo(51);
        }
    }

    @Test
    void aConnectionGoesElsewhere() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            BpfLink link = bpf.attach(here(ProgramType.CGROUP_CONNECT4), "elsewhere");
            String connect = """
                    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                    s.connect(("127.0.0.1", 1))
                    print(s.getpeername()[1])
                    """;
            assertThat(inside(connect)).containsExactly("2");
            link.close();
            assertThat(inside(connect)).containsExactly("1");
            assertThat(seen(bpf, 2)).isEqualTo(1);
        }
    }

    private static final String ECHO = """
            BPF_SOCKHASH(sockets, u32, 16);
            BPF_ARRAY(seen, u64, 2);
            int on_connection(struct bpf_sock_ops *ops) {
                u32 port = bpf_ntohl(ops->remote_port);
                if (ops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
                    port = 0;
                else if (ops->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
                    return 0;
                if (port == 0)
                    sockets.sock_hash_update(ops, &port, BPF_ANY);
                return 0;
            }
            int message(struct __sk_buff *skb) { return skb->len; }
            int back(struct __sk_buff *skb) {
                seen.increment(0);
                return skb->len > 3 ? SK_PASS : SK_DROP;
            }
            int on_send(struct sk_msg_md *msg) {
                seen.increment(1);
                return msg->size == 5 ? SK_DROP : SK_PASS;
            }
            """;

    /** The client's socket is in the map: what it sends and receives passes the programs, if they are attached. */
    private static final String CONVERSATION = """
            l = socket.socket(); l.bind(("127.0.0.1", 0)); l.listen(1)
            c = socket.socket(); c.connect(l.getsockname()); s = l.accept()[0]
            for text in (b"four", b"two", b"seven77"):
                s.send(text)
                c.settimeout(0.3)
                try: print(c.recv(100).decode())
                except TimeoutError: print("-")
            for text in (b"a1", b"b22", b"fiver"):
                try: c.send(text)
                except OSError as e: print(errno.errorcode[e.errno])
            c.close()
            s.settimeout(5)
            all = b""
            while True:
                b = s.recv(100)
                if not b: break
                all += b
            print(all.decode())
            """;

    @Test
    void whatSocketsOfAMapReceiveAndSendPassesThePrograms() {
        try (BPF bpf = BPF.fromSource(ECHO)) {
            bpf.attach(here(ProgramType.CGROUP_SOCK_OPS), "on_connection");
            BpfLink verdict = bpf.attach(new SockmapSpec("sockets", ProgramType.SK_SKB_VERDICT), "back");
            BpfLink send = bpf.attach(new SockmapSpec("sockets", ProgramType.SK_MSG), "on_send");
            assertThat(verdict).hasToString("back at sk_skb_verdict:sockets");
            assertThat(inside(CONVERSATION)).containsExactly("four", "-", "seven77", "EACCES", "a1b22");
            assertThat(seen(bpf, 0)).isEqualTo(3);
            assertThat(seen(bpf, 1)).isEqualTo(3);
            verdict.close();
            send.close();
            assertThat(inside(CONVERSATION)).containsExactly("four", "two", "seven77", "a1b22fiver");
            assertThat(seen(bpf, 0)).isEqualTo(3);
        }
    }

    @Test
    void aParserAndItsVerdict() {
        try (BPF bpf = BPF.fromSource(ECHO)) {
            bpf.attach(here(ProgramType.CGROUP_SOCK_OPS), "on_connection");
            bpf.attach(new SockmapSpec("sockets", ProgramType.SK_SKB_STREAM_PARSER), "message");
            bpf.attach(new SockmapSpec("sockets", ProgramType.SK_SKB_STREAM_VERDICT), "back");
            assertThat(inside(CONVERSATION)).containsExactly("four", "-", "seven77", "a1b22fiver");
            assertThatThrownBy(() -> bpf.attach(new SockmapSpec("sockets", ProgramType.SK_SKB_VERDICT), "back"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("the map has");
            assertThatThrownBy(() -> bpf.attach(new SockmapSpec("seen", ProgramType.SK_MSG), "on_send"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("is it a BPF_SOCKMAP or BPF_SOCKHASH?");
            assertThatThrownBy(() -> bpf.attach(new SockmapSpec("nothing", ProgramType.SK_MSG), "on_send"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the C text has no map \"nothing\"; it has seen, sockets");
        }
    }

    @Test
    void aNamespaceHasOneDissector() {
        String text = """
                BPF_ARRAY(seen, u64, 1);
                int dissect(struct __sk_buff *skb) { seen.increment(0); return BPF_OK; }
                int choose(struct bpf_sk_lookup *ctx) { seen.increment(0); return SK_DROP; }
                """;
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource(text)) {
            BpfLink link = bpf.attach(new NamespaceSpec(lab.namespace(1), ProgramType.FLOW_DISSECTOR), "dissect");
            assertThat(link).hasToString("dissect at flow_dissector:" + lab.namespace(1));
            assertThatThrownBy(() ->
                            bpf.attach(new NamespaceSpec(lab.namespace(1), ProgramType.FLOW_DISSECTOR), "dissect"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("another program does this already");
            link.close();
            bpf.attach(new NamespaceSpec(lab.namespace(1), ProgramType.FLOW_DISSECTOR), "dissect");
            bpf.attach(new NamespaceSpec(lab.namespace(2), ProgramType.SK_LOOKUP), "choose");
            lab.send(6);
            assertThat(NetworkLab.eventually(() -> seen(bpf, 0), 6)).isEqualTo(6);
            assertThatThrownBy(() -> bpf.attach(
                            new NamespaceSpec(Path.of("/proc/self/status"), ProgramType.SK_LOOKUP), "choose"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("this file is no network namespace");
            assertThatThrownBy(() ->
                            bpf.attach(new NamespaceSpec(Path.of("/run/netns/no"), ProgramType.SK_LOOKUP), "choose"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("ENOENT")
                    .hasMessageContaining("/proc/PID/ns/net");
        }
    }

    @Test
    void refusalsSayWhatToDo() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            assertThatThrownBy(
                            () -> bpf.attach(new CgroupSpec(cgroup.resolve("none"), ProgramType.CGROUP_EGRESS), "out"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("attach out to cgroup_egress:" + cgroup + "/none: ENOENT")
                    .hasMessageContaining("there is no such folder; the cgroup2 file system is often at");
            assertThatThrownBy(() -> bpf.attach(new CgroupSpec(Path.of("/tmp"), ProgramType.CGROUP_EGRESS), "out"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("EBADF")
                    .hasMessageContaining("this is no folder of a cgroup2 file system");
            assertThatThrownBy(() -> new CgroupSpec(cgroup, ProgramType.XDP))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a program of type xdp is not attached to a cgroup; the types are CGROUP_...");
            assertThat(bpf.links()).isEmpty();
        }
    }
}
