package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfProgram;
import io.github.bcc4j.attach.NetworkDevice;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.attach.TcSpec;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfObjectMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two machines in networks of their own, 100.1.1.1 and 200.1.1.1, and a router with an end in each, 100.1.1.254 and 200.1.1.254. All their
 * cables end in a hall, where nothing but programs joins them.
 */
@Tag("native")
@Timeout(60)
class RouterTest {
    private final String name = "bcc4j" + ProcessHandle.current().pid();
    private final Path hall = Path.of("/run/netns", name + "hall");

    private void shell(String script) {
        Workloads.run("sh", "-ec", script.replace("NAME", name));
    }

    @BeforeEach
    void build() {
        shell("""
                for n in hall one two router; do
                    ip netns add NAME$n
                    ip netns exec NAME$n sh -c 'for c in all default; do
                        echo 1 > /proc/sys/net/ipv6/conf/$c/disable_ipv6; done; ip link set lo up'
                done
                cable() { # machine, device there, address, device in the hall
                    ip link add $4 netns NAMEhall type veth peer name $2 netns NAME$1
                    ip -n NAME$1 address add $3/24 dev $2
                    ip -n NAME$1 link set $2 up
                    ip -n NAMEhall link set $4 up
                }
                cable one v0 100.1.1.1 one
                cable two v0 200.1.1.1 two
                cable router v0 100.1.1.254 left
                cable router v1 200.1.1.254 right
                ip -n NAMEone route add 200.1.1.0/24 via 100.1.1.254
                ip -n NAMEtwo route add 100.1.1.0/24 via 200.1.1.254
                ip netns exec NAMErouter sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
                """);
    }

    @AfterEach
    void takeDown() {
        shell("for n in hall one two router; do ip netns del NAME$n; done");
    }

    private int index(String device) {
        return Integer.parseInt(
                Workloads.run("ip", "netns", "exec", name + "hall", "cat", "/sys/class/net/" + device + "/ifindex")
                        .lines()
                        .getFirst());
    }

    private NetworkDevice device(String device) {
        return NetworkDevice.of(device).inNamespace(hall);
    }

    /** Packets of UDP go from the one machine to the other and back, as many as that. */
    private List<String> exchange(int packets) throws Exception {
        Process server = new ProcessBuilder(
                        "ip", "netns", "exec", name + "two", "/usr/bin/python3", "-c", """
                        import socket
                        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                        s.bind(("200.1.1.1", 4711))
                        print("ready", flush=True)
                        for _ in range(%d):
                            text, sender = s.recvfrom(100)
                            s.sendto(b"re: " + text, sender)
                        """.formatted(packets))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(server.inputReader().readLine()).isEqualTo("ready");
            return Workloads.run("ip", "netns", "exec", name + "one", "/usr/bin/python3", "-c", """
                            import socket
                            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                            s.settimeout(10)
                            for i in range(%d):
                                s.sendto(b"%%d" %% i, ("200.1.1.1", 4711))
                                print(s.recv(100).decode())
                            """.formatted(packets))
                    .lines();
        } finally {
            server.destroyForcibly();
        }
    }

    private static List<String> answers(int packets) {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < packets; i++) {
            answers.add("re: " + i);
        }
        return answers;
    }

    /** One program moves packets between the machines' cables and those of two bridges, to which the router's are joined. */
    @Test
    @Conforms("test_brb2.py TestBPFSocket.test_brb2")
    void aProgramJoinsMachinesToBridgesOfTheKernel() throws Exception {
        shell("""
                ip netns exec NAMEhall sh -ec '
                    for side in left right; do
                        ip link add bridge_$side type bridge
                        ip link add ${side}_in type veth peer name ${side}_port
                        for port in $side ${side}_port; do ip link set $port master bridge_$side; done
                        for device in bridge_$side ${side}_in ${side}_port; do ip link set $device up; done
                    done'
                """);
        try (BPF bpf = BPF.fromSource("""
                #include <uapi/linux/pkt_cls.h>
                BPF_HASH(other_end, u32, u32, 256);
                BPF_ARRAY(moved, u64, 1);
                int move(struct __sk_buff *skb) {
                    u32 from = skb->ingress_ifindex, *to = other_end.lookup(&from);
                    if (!to)
                        return TC_ACT_SHOT;
                    moved.atomic_increment(0);
                    return bpf_redirect(*to, 0);
                }
                """)) {
            BpfHash<Integer, Integer> otherEnd = bpf.hash("other_end", Integer.class, Integer.class);
            for (String[] ends : new String[][] {{"one", "left_in"}, {"two", "right_in"}}) {
                otherEnd.put(index(ends[0]), index(ends[1]));
                otherEnd.put(index(ends[1]), index(ends[0]));
                bpf.attach(new TcSpec(device(ends[0]), false, 0, 0), "move");
                bpf.attach(new TcSpec(device(ends[1]), false, 0, 0), "move");
            }
            assertThat(exchange(20)).isEqualTo(answers(20));
            // Each machine's 20 packets and the 20 for it, and at least one question and answer about a hardware
            // address.
            assertThat(bpf.array("moved", Long.class).get(0)).isBetween(84L, 100L);
        }
    }

    /** Three programs call each other: the machines' program hands packets to that of their bridge, which knows the router. */
    @Test
    @Conforms("test_brb.py TestBPFSocket.test_brb")
    void programsAreTheBridges() throws Exception {
        try (BPF bpf = BPF.fromSource("""
                #include <uapi/linux/pkt_cls.h>
                struct port { u32 program; u32 number; };
                BPF_PROG_ARRAY(jump, 4);
                BPF_HASH(port_of_device, u32, u32, 16);
                BPF_HASH(device_of_port, u32, u32, 16);
                BPF_HASH(bridge_of_port, u32, struct port, 16);
                BPF_ARRAY(router_of_bridge, u32, 4);
                BPF_ARRAY(from_machines, u64, 1);
                BPF_ARRAY(to_machines, u64, 1);
                int machines(struct __sk_buff *skb) {
                    u32 from = skb->ingress_ifindex, *number = port_of_device.lookup(&from);
                    if (!number)
                        return TC_ACT_SHOT;
                    struct port *to = bridge_of_port.lookup(number);
                    if (!to)
                        return TC_ACT_SHOT;
                    from_machines.atomic_increment(0);
                    skb->cb[0] = to->number;
                    jump.call(skb, to->program);
                    return TC_ACT_SHOT;
                }
                int bridge(struct __sk_buff *skb) {
                    int number = skb->cb[0];
                    u32 *router = router_of_bridge.lookup(&number);
                    return router ? bpf_redirect(*router, 0) : TC_ACT_SHOT;
                }
                int router(struct __sk_buff *skb) {
                    u32 from = skb->ingress_ifindex, *number = port_of_device.lookup(&from);
                    if (!number)
                        return TC_ACT_SHOT;
                    u32 *device = device_of_port.lookup(number);
                    if (!device)
                        return TC_ACT_SHOT;
                    to_machines.atomic_increment(0);
                    return bpf_redirect(*device, 0);
                }
                """)) {
            record Port(long program, long number) {}
            BpfObjectMap<Integer, BpfProgram> jump = bpf.programArray("jump");
            jump.put(2, bpf.program("bridge", ProgramType.SCHED_CLS));
            BpfHash<Integer, Integer> ports = bpf.hash("port_of_device", Integer.class, Integer.class);
            BpfHash<Integer, Integer> devices = bpf.hash("device_of_port", Integer.class, Integer.class);
            BpfHash<Integer, Port> bridges = bpf.hash("bridge_of_port", Integer.class, Port.class);
            int number = 1;
            for (String[] ends : new String[][] {{"one", "left"}, {"two", "right"}}) {
                ports.put(index(ends[0]), number);
                ports.put(index(ends[1]), number);
                devices.put(number, index(ends[0]));
                bridges.put(number, new Port(2, number));
                bpf.array("router_of_bridge", Integer.class).set(number, index(ends[1]));
                bpf.attach(new TcSpec(device(ends[0]), false, 0, 0), "machines");
                bpf.attach(new TcSpec(device(ends[1]), false, 0, 0), "router");
                number++;
            }
            assertThat(exchange(20)).isEqualTo(answers(20));
            // 20 of each machine and what it asks or answers about hardware addresses.
            assertThat(bpf.array("from_machines", Long.class).get(0)).isBetween(42L, 50L);
            assertThat(bpf.array("to_machines", Long.class).get(0)).isBetween(42L, 50L);
        }
    }
}
