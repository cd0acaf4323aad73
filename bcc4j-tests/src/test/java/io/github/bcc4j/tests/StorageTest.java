package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.table.BpfStorage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values that the kernel keeps with processes, files and sockets. */
@Tag("native")
class StorageTest {
    @Test
    void aProgramCountsInItsProcessAndJavaReadsItByPid() throws Exception {
        try (BPF bpf = BPF.fromSource("""
                BPF_TASK_STORAGE(calls, u64);
                TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                    u64 *n = calls.task_storage_get(bpf_get_current_task_btf(), 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
                    if (n)
                        *n += 1;
                    return 0;
                }
                """)) {
            BpfStorage<Integer, Long> calls = bpf.taskStorage("calls", Long.class);
            Process process = new ProcessBuilder(
                            "/usr/bin/python3",
                            "-c",
                            "import os\nfor _ in range(5): os.getppid()\nprint(flush=True)\ninput()")
                    .start();
            int pid = (int) process.pid();
            try {
                process.getInputStream().read();
                assertThat(calls.get(pid)).contains(5L);
                calls.set(pid, 40L);
                assertThat(calls.setIfAbsent(pid, 50L)).isFalse();
                assertThat(calls.get(pid)).contains(40L);
                assertThat(calls.remove(pid)).isTrue();
                assertThat(calls.remove(pid)).isFalse();
                assertThat(calls.get(pid)).isEmpty();
                assertThat(calls.setIfAbsent(pid, 50L)).isTrue();
                assertThat(calls.get(pid)).contains(50L);
            } finally {
                process.destroyForcibly().waitFor();
            }
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(() -> calls.get(pid))
                    .withMessageContaining("find process " + pid + ": ESRCH (No such process)");
        }
    }

    @Test
    @Conforms("test_sk_storage.cc test sk_storage map")
    void aSocketHasAValueUntilItIsTaken() throws IOException {
        try (BPF bpf = BPF.fromSource("""
                        BPF_SK_STORAGE(packets, u64);
                        int count(struct __sk_buff *skb) {
                            struct bpf_sock *sk = skb->sk;
                            if (!sk)
                                return 1;
                            sk = bpf_sk_fullsock(sk);
                            if (!sk)
                                return 1;
                            u64 zero = 0, *n = packets.sk_storage_get(sk, &zero, BPF_SK_STORAGE_GET_F_CREATE);
                            if (n)
                                *n += 1;
                            return 1;
                        }
                        """);
                DatagramChannel socket = DatagramChannel.open(StandardProtocolFamily.INET)) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int fd = Workloads.descriptor(((InetSocketAddress) socket.getLocalAddress()).getPort());
            assertThat(bpf.program("count", ProgramType.CGROUP_EGRESS).name()).isEqualTo("count");
            BpfStorage<Integer, Long> packets = bpf.socketStorage("packets", Long.class);
            assertThat(packets.get(fd)).isEmpty();
            assertThat(packets.remove(fd)).isFalse();
            packets.set(fd, 10L);
            assertThat(packets.get(fd)).contains(10L);
            assertThat(packets.remove(fd)).isTrue();
            assertThat(packets.get(fd)).isEmpty();
        }
    }

    @Test
    void filesAndSocketsHaveValuesToo() throws IOException {
        Path file = Files.createTempFile("bcc4j", ".inode");
        try (BPF bpf = BPF.fromSource("""
                struct note { u32 a; u64 b; };
                BPF_INODE_STORAGE(files, struct note);
                BPF_SK_STORAGE(sockets, u64);
                int f(void *ctx) { return 0; }
                """)) {
            record Note(long a, long b) {}
            BpfStorage<Path, Note> files = bpf.inodeStorage("files", Note.class);
            assertThat(files.get(file)).isEmpty();
            files.set(file, new Note(1, 2));
            assertThat(files.get(file)).contains(new Note(1, 2));
            assertThat(files.remove(file)).isTrue();
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(() -> files.get(Path.of("/no/such/file")))
                    .withMessageContaining("open /no/such/file: ENOENT");
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(() -> bpf.socketStorage("sockets", Long.class).get(9999))
                    .withMessageContaining("look up a key of table \"sockets\": EBADF");
        } finally {
            Files.delete(file);
        }
    }
}
