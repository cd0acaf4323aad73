package io.github.bcc4j.tests.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.junit.workload.Netns;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.kernel.Features;
import io.github.bcc4j.tests.Workloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tools for TCP, beside connections of this JVM over loopback: it connects and accepts, sends 8 KiB and gets 4. */
@OnKernels({"here", "6.1", "6.12"})
@Tag("vm")
public class TcpToolsTest {
    private static final String SELF = String.valueOf(ProcessHandle.current().pid());

    /** A server of this JVM, and connections to it, one after the other. */
    private static final class Talk implements AutoCloseable {
        final ServerSocket server;
        final String port;

        Talk(String address) {
            try {
                server = new ServerSocket();
                server.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
                port = String.valueOf(server.getLocalPort());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void connect(int times) {
            for (int i = 0; i < times; i++) {
                try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                        Socket accepted = server.accept()) {
                    client.getOutputStream().write(new byte[8192]);
                    accepted.getInputStream().readNBytes(8192);
                    accepted.getOutputStream().write(new byte[4096]);
                    client.getInputStream().readNBytes(4096);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void tcpconnectSeesEachConnectOfAProcess() {
        try (Talk four = new Talk("127.0.0.1");
                Talk six = new Talk("::1")) {
            ToolRun run = ToolRun.beside(
                            () -> {
                                four.connect(7);
                                six.connect(3);
                            },
                            "tcpconnect",
                            "-p",
                            SELF,
                            "-P",
                            four.port + "," + six.port,
                            "--json")
                    .succeeded();
            assertThat(run.rows("dport", four.port)).hasSize(7).allSatisfy(r -> {
                assertThat(r.path("ip").asInt()).isEqualTo(4);
                assertThat(r.path("saddr").asText()).isEqualTo("127.0.0.1");
                assertThat(r.path("daddr").asText()).isEqualTo("127.0.0.1");
                assertThat(r.path("pid").asText()).isEqualTo(SELF);
            });
            assertThat(run.rows("dport", six.port)).hasSize(3).allSatisfy(r -> {
                assertThat(r.path("ip").asInt()).isEqualTo(6);
                assertThat(r.path("daddr").asText()).isEqualTo("::1");
            });
        }
    }

    @Test
    void tcpconnectCountsAndKnowsTheLocalPort() {
        try (Talk talk = new Talk("127.0.0.1")) {
            ToolRun counted = ToolRun.beside(
                            () -> talk.connect(12), "tcpconnect", "-c", "-4", "-P", talk.port, "--json")
                    .succeeded();
            assertThat(counted.rows()).singleElement().satisfies(r -> {
                assertThat(r.path("rport").asText()).isEqualTo(talk.port);
                assertThat(r.path("connects").asInt()).isEqualTo(12);
            });
            ToolRun run = ToolRun.beside(() -> talk.connect(2), "tcpconnect", "-L", "-t", "-P", talk.port)
                    .succeeded();
            assertThat(run.out().get(1))
                    .isEqualTo("TIME(s)  PID     COMM         IP SADDR            LPORT  DADDR            DPORT");
            assertThat(run.out().subList(2, 4))
                    .allMatch(l -> l.matches("\\d\\.\\d{3} +" + SELF
                            + " .* 4  127\\.0\\.0\\.1 +[1-9]\\d+ +127\\.0\\.0\\.1 +" + talk.port));
        }
    }

    @Test
    void tcpacceptSeesWhoAcceptedWhom() {
        try (Talk four = new Talk("127.0.0.1");
                Talk six = new Talk("::1")) {
            ToolRun run = ToolRun.beside(
                            () -> {
                                four.connect(6);
                                six.connect(2);
                            },
                            "tcpaccept",
                            "-p",
                            SELF,
                            "--json")
                    .succeeded();
            assertThat(run.rows("lport", four.port)).hasSize(6).allSatisfy(r -> {
                assertThat(r.path("raddr").asText()).isEqualTo("127.0.0.1");
                assertThat(r.path("laddr").asText()).isEqualTo("127.0.0.1");
                assertThat(r.path("rport").asInt()).isGreaterThan(1023);
                assertThat(r.path("ip").asInt()).isEqualTo(4);
            });
            assertThat(run.rows("lport", six.port))
                    .hasSize(2)
                    .allMatch(r -> r.path("raddr").asText().equals("::1"));
        }
    }

    @Test
    void tcplifeSumsUpEachConnection() {
        try (Talk talk = new Talk("127.0.0.1")) {
            ToolRun run = ToolRun.beside(() -> talk.connect(5), "tcplife", "-D", talk.port, "--json")
                    .succeeded();
            assertThat(run.rows()).hasSize(5).allSatisfy(r -> {
                assertThat(r.path("pid").asText()).isEqualTo(SELF);
                assertThat(r.path("tx_kb").asLong()).isEqualTo(8);
                assertThat(r.path("rx_kb").asLong()).isEqualTo(4);
                assertThat(r.path("ms").asDouble()).isBetween(0.001, 60_000.0);
            });
        }
    }

    @Test
    void tcpstatesFollowsAConnectionFromBothEnds() {
        try (Talk talk = new Talk("127.0.0.1")) {
            ToolRun run = ToolRun.beside(() -> talk.connect(1), "tcpstates", "-D", talk.port, "--json")
                    .succeeded();
            List<String> client = run.rows()
                    .map(r -> r.path("oldstate").asText() + ">"
                            + r.path("newstate").asText())
                    .toList();
            assertThat(client).startsWith("CLOSE>SYN_SENT", "SYN_SENT>ESTABLISHED");
            assertThat(run.rows())
                    .extracting(r -> r.path("skaddr").asText())
                    .containsOnly(
                            run.rows().findFirst().orElseThrow().path("skaddr").asText());
        }
    }

    @Test
    void tcpconnlatMeasuresTheHandshake() {
        try (Talk talk = new Talk("127.0.0.1")) {
            ToolRun run = ToolRun.beside(() -> talk.connect(4), "tcpconnlat", "-p", SELF, "--json")
                    .succeeded();
            assertThat(run.rows("dport", talk.port))
                    .hasSize(4)
                    .allSatisfy(r -> assertThat(r.path("lat_ms").asDouble()).isBetween(0.0001, 10_000.0));
            ToolRun slow = ToolRun.beside(() -> talk.connect(4), "tcpconnlat", "-p", SELF, "60000", "--json");
            assertThat(slow.succeeded().out()).isEmpty();
            assertThat(ToolRun.of("tcpconnlat", "-1").exitCode()).isNotZero();
        }
    }

    /** Frames for an Ethernet address that nobody has on the link: a SYN that is sent again after a second. */
    @Test
    void tcpretransSeesASynSentAgain() {
        try (Netns net = Netns.pair()) {
            net.left()
                    .run(
                            "ip",
                            "neigh",
                            "replace",
                            net.right().address(),
                            "lladdr",
                            "02:00:00:00:00:77",
                            "dev",
                            net.left().device().name());
            ToolRun run = ToolRun.beside(
                            () -> net.left()
                                    .run(
                                            "python3",
                                            "-c",
                                            "import socket; s = socket.socket(); s.settimeout(2.5)\ntry: s.connect(('"
                                                    + net.right().address() + "', 4711))\nexcept OSError: pass"),
                            "tcpretrans",
                            "--json")
                    .succeeded();
            List<JsonNode> again = run.rows("raddr_rport", net.right().address() + ":4711");
            assertThat(again).isNotEmpty().allSatisfy(r -> {
                assertThat(r.path("state").asText()).isEqualTo("SYN_SENT");
                assertThat(r.path("t").asText()).isEqualTo("R");
                assertThat(r.path("laddr_lport").asText()).startsWith(net.left().address() + ":");
            });
        }
    }

    @Test
    void tcpretransLossProbesAreSeenOrWhatIsMissingTold() {
        ToolRun run = ToolRun.beside(() -> {}, "tcpretrans", "-l", "-s", "-c");
        if (Features.kprobe().isSupported()) {
            assertThat(run.succeeded().out()).contains("Tracing retransmits ... Hit Ctrl-C to end");
        } else {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err().getFirst()).contains("has no way to see tail loss probes");
        }
    }

    @Test
    void gethostlatencySeesEachLookup() {
        Workload.Done[] done = new Workload.Done[1];
        ToolRun run = ToolRun.beside(
                        () -> done[0] = Workloads.run("getent", "ahosts", "localhost"), "gethostlatency", "--json")
                .succeeded();
        assertThat(run.rows("pid", String.valueOf(done[0].pid())))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.path("host").asText()).isEqualTo("localhost");
                    assertThat(r.path("comm").asText()).isEqualTo("getent");
                    assertThat(r.path("latms").asDouble()).isPositive();
                });
    }

    @Test
    void wrongPortsAreMistakes() {
        assertThat(ToolRun.of("tcpaccept", "-P", "80,x").refusal())
                .isEqualTo("tcpaccept: not a port from 0 to 65535: \"x\"");
        assertThat(ToolRun.of("tcpconnect", "-P", "65536").refusal()).contains("\"65536\"");
    }
}
