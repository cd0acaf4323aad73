package io.github.bcc4j.tests.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.tests.Workloads;
import io.github.bcc4j.type.Unsigned;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Fields of the kernel's structs, read through types from its BTF, are what the process that they are about says of itself. */
@OnKernels({"6.1", "6.12", "7"})
@Tag("vm")
public class ThirtyFieldsGuestTest {
    /** What a workload printed as lines of "name value". */
    private static Map<String, String> facts(List<String> lines) {
        Map<String, String> facts = new LinkedHashMap<>();
        lines.forEach(l -> facts.put(l.substring(0, l.indexOf(' ')), l.substring(l.indexOf(' ') + 1)));
        return facts;
    }

    private static Workload.Done python(String script) {
        return Workloads.run("/usr/bin/python3", "-c", script);
    }

    record Task(
            @Unsigned int pid,
            @Unsigned int tgid,
            @Unsigned int ppid,
            @Unsigned int uid,
            @Unsigned int egid,
            int nice,
            int threads,
            @Unsigned int policy,
            @Unsigned int exitSignal,
            long startTicks,
            long argStart,
            long startCode,
            long endCode,
            long startStack,
            long startBrk,
            long totalVm,
            @Unsigned int uts,
            @Unsigned int net,
            @Unsigned int pidns,
            @Unsigned int mnt,
            String comm) {}

    @Test
    void twentyOneOfATask() {
        try (BPF bpf = BPF.fromSource("""
                #include <linux/sched.h>
                #include <linux/sched/signal.h>
                #include <linux/mm_types.h>
                #include <linux/nsproxy.h>
                #include <linux/utsname.h>
                #include <linux/pid_namespace.h>
                #include <linux/cred.h>
                #include <net/net_namespace.h>
                struct task {
                    u32 pid, tgid, ppid, uid, egid; int nice, threads; u32 policy, exit_signal;
                    u64 start_ticks, arg_start, start_code, end_code, start_stack, start_brk, total_vm;
                    u32 uts, net, pidns, mnt; char comm[TASK_COMM_LEN];
                };
                BPF_HASH(tasks, u32, struct task);
                int kprobe__sys_getppid(struct pt_regs *ctx) {
                    struct task_struct *t = (struct task_struct *)bpf_get_current_task();
                    struct mm_struct *mm = t->mm;
                    struct nsproxy *ns = t->nsproxy;
                    struct task r = {};
                    r.pid = t->pid; r.tgid = t->tgid; r.ppid = t->real_parent->tgid;
                    r.uid = t->cred->uid.val; r.egid = t->cred->egid.val;
                    r.nice = t->static_prio - 120; r.threads = t->signal->nr_threads;
                    r.policy = t->policy; r.exit_signal = t->exit_signal;
                    r.start_ticks = t->start_boottime / 10000000;
                    r.arg_start = mm->arg_start; r.start_code = mm->start_code; r.end_code = mm->end_code;
                    r.start_stack = mm->start_stack; r.start_brk = mm->start_brk; r.total_vm = mm->total_vm;
                    r.uts = ns->uts_ns->ns.inum; r.net = ns->net_ns->ns.inum;
                    r.pidns = ns->pid_ns_for_children->ns.inum;
                    r.mnt = ns->mnt_ns->ns.inum;
                    bpf_probe_read_kernel_str(&r.comm, sizeof(r.comm), t->comm);
                    tasks.update(&r.tgid, &r);
                    return 0;
                }
                """)) {
            var done = python("""
                    import os
                    os.setegid(7)
                    os.nice(5)
                    open('/proc/self/comm', 'w').write('thirty-fields')
                    stat = open('/proc/self/stat').read().rsplit(')', 1)[1].split()
                    names = {'start': 22, 'code': 26, 'end_code': 27, 'stack': 28, 'brk': 47, 'args': 48, 'exit': 38, 'policy': 41}
                    for name, field in names.items(): print(name, stat[field - 3])
                    for ns in ('uts', 'net', 'pid', 'mnt'): print('ns_' + ns, os.readlink('/proc/self/ns/' + ns).split('[')[1][:-1])
                    size = open('/proc/self/statm').read().split()[0]
                    os.getppid()
                    print('size', size)
                    """);
            Map<String, String> says = facts(done.lines());
            Task task = bpf.hash("tasks", Integer.class, Task.class).get((int) done.pid());
            assertThat(task)
                    .isEqualTo(new Task(
                            (int) done.pid(),
                            (int) done.pid(),
                            (int) ProcessHandle.current().pid(),
                            0,
                            7,
                            5,
                            1,
                            Integer.parseInt(says.get("policy")),
                            Integer.parseInt(says.get("exit")),
                            Long.parseLong(says.get("start")),
                            Long.parseLong(says.get("args")),
                            Long.parseLong(says.get("code")),
                            Long.parseLong(says.get("end_code")),
                            Long.parseLong(says.get("stack")),
                            Long.parseLong(says.get("brk")),
                            Long.parseLong(says.get("size")),
                            Integer.parseUnsignedInt(says.get("ns_uts")),
                            Integer.parseUnsignedInt(says.get("ns_net")),
                            Integer.parseUnsignedInt(says.get("ns_pid")),
                            Integer.parseUnsignedInt(says.get("ns_mnt")),
                            "thirty-fields"));
        }
    }

    record Opened(
            long ino,
            long size,
            long pos,
            @Unsigned int mode,
            @Unsigned int nlink,
            @Unsigned int uid,
            @Unsigned int dev,
            @Unsigned int flags,
            String name,
            String parent,
            String type) {}

    @Test
    void elevenOfAFile() {
        try (BPF bpf = BPF.fromSource("""
                #include <linux/fs.h>
                #include <linux/dcache.h>
                struct opened {
                    u64 ino, size, pos; u32 mode, nlink, uid, dev, flags; char name[32], parent[32], type[16];
                };
                BPF_HASH(files, u32, struct opened);
                int kprobe__vfs_write(struct pt_regs *ctx, struct file *file, const char *buf, size_t count, loff_t *pos) {
                    u32 pid = bpf_get_current_pid_tgid() >> 32;
                    if (count != 4321)
                        return 0;
                    struct dentry *dentry = file->f_path.dentry;
                    struct inode *inode = file->f_inode;
                    struct opened o = {};
                    o.ino = inode->i_ino; o.size = inode->i_size; o.pos = *pos;
                    o.mode = inode->i_mode; o.nlink = inode->i_nlink; o.uid = inode->i_uid.val;
                    o.dev = inode->i_sb->s_dev; o.flags = file->f_flags;
                    bpf_probe_read_kernel_str(&o.name, sizeof(o.name), dentry->d_name.name);
                    bpf_probe_read_kernel_str(&o.parent, sizeof(o.parent), dentry->d_parent->d_name.name);
                    bpf_probe_read_kernel_str(&o.type, sizeof(o.type), inode->i_sb->s_type->name);
                    files.update(&pid, &o);
                    return 0;
                }
                """)) {
            var done = python("""
                    import os, tempfile
                    folder = tempfile.mkdtemp(dir='/dev/shm')
                    path = folder + '/thirty'
                    f = os.open(path, os.O_RDWR | os.O_CREAT | os.O_DSYNC, 0o640)
                    os.write(f, b'x' * 100)
                    os.link(path, path + '2')
                    os.chown(path, 1234, 0)
                    s = os.stat(path)
                    os.write(f, b'y' * 4321)
                    print('ino', s.st_ino)
                    print('mode', s.st_mode)
                    print('dev', os.major(s.st_dev) << 20 | os.minor(s.st_dev))
                    print('folder', os.path.basename(folder))
                    print('flags', os.O_RDWR | os.O_DSYNC | 0o100000)
                    """);
            Map<String, String> says = facts(done.lines());
            assertThat(bpf.hash("files", Integer.class, Opened.class).get((int) done.pid()))
                    .isEqualTo(new Opened(
                            Long.parseLong(says.get("ino")),
                            100,
                            100,
                            Integer.parseInt(says.get("mode")),
                            2,
                            1234,
                            Integer.parseUnsignedInt(says.get("dev")),
                            Integer.parseInt(says.get("flags")),
                            "thirty",
                            says.get("folder"),
                            "tmpfs"));
        }
    }

    record Connection(
            @Unsigned short family,
            @Unsigned short remotePort,
            @Unsigned short localPort,
            @Unsigned short protocol,
            @Unsigned short type,
            @Unsigned int remote,
            @Unsigned int local,
            @Unsigned int state,
            int receiveBuffer) {}

    @Test
    void nineOfASocket() {
        try (BPF bpf = BPF.fromSource("""
                #include <net/sock.h>
                #include <net/inet_sock.h>
                struct connection { u16 family, remote_port, local_port, protocol, type; u32 remote, local, state; int receive_buffer; };
                BPF_HASH(connections, u32, struct connection);
                int kprobe__tcp_connect(struct pt_regs *ctx, struct sock *sk) {
                    u32 pid = bpf_get_current_pid_tgid() >> 32;
                    u16 port = sk->sk_dport;
                    struct connection c = {};
                    c.family = sk->sk_family; c.remote_port = ntohs(port); c.local_port = sk->sk_num;
                    c.protocol = sk->sk_protocol; c.type = sk->sk_type;
                    c.remote = ntohl(sk->sk_daddr); c.local = ntohl(inet_sk(sk)->inet_rcv_saddr);
                    c.state = sk->sk_state; c.receive_buffer = sk->sk_rcvbuf;
                    connections.update(&pid, &c);
                    return 0;
                }
                """)) {
            var done = python("""
                    import socket, subprocess
                    subprocess.run(['ip', 'link', 'set', 'lo', 'up'])
                    server = socket.create_server(('127.0.0.3', 0))
                    c = socket.socket()
                    c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 70000)
                    c.bind(('127.0.0.2', 0))
                    c.connect(server.getsockname())
                    print('local', c.getsockname()[1])
                    print('remote', c.getpeername()[1])
                    print('buffer', c.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF))
                    """);
            Map<String, String> says = facts(done.lines());
            assertThat(bpf.hash("connections", Integer.class, Connection.class).get((int) done.pid()))
                    .isEqualTo(new Connection(
                            (short) 2,
                            (short) Integer.parseInt(says.get("remote")),
                            (short) Integer.parseInt(says.get("local")),
                            (short) 6,
                            (short) 1,
                            0x7f000003,
                            0x7f000002,
                            2, // SYN sent
                            Integer.parseInt(says.get("buffer"))));
        }
    }

    record Packet(
            @Unsigned int length,
            @Unsigned short ethertype,
            @Unsigned short total,
            @Unsigned byte protocol,
            @Unsigned byte ttl,
            @Unsigned short destination,
            String device) {}

    @Test
    void sevenOfAPacket() {
        try (BPF bpf = BPF.fromSource("""
                #include <linux/skbuff.h>
                #include <linux/netdevice.h>
                #include <linux/ip.h>
                #include <linux/udp.h>
                struct packet { u32 length; u16 ethertype, total; u8 protocol, ttl; u16 destination; char device[IFNAMSIZ]; };
                BPF_HASH(packets, u32, struct packet);
                int kprobe____dev_queue_xmit(struct pt_regs *ctx, struct sk_buff *skb) {
                    u32 pid = bpf_get_current_pid_tgid() >> 32;
                    struct iphdr *ip = (struct iphdr *)(skb->head + skb->network_header);
                    if (ip->protocol != IPPROTO_UDP) // the answer is sent by the same process
                        return 0;
                    struct udphdr *udp = (struct udphdr *)(skb->head + skb->transport_header);
                    u16 total = ip->tot_len, port = udp->dest, ethertype = skb->protocol;
                    struct packet p = {};
                    p.length = skb->len; p.ethertype = ntohs(ethertype); p.total = ntohs(total);
                    p.protocol = ip->protocol; p.ttl = ip->ttl; p.destination = ntohs(port);
                    bpf_probe_read_kernel_str(&p.device, sizeof(p.device), skb->dev->name);
                    packets.update(&pid, &p);
                    return 0;
                }
                """)) {
            var done = python("""
                    import socket, subprocess
                    subprocess.run(['ip', 'link', 'set', 'lo', 'up'])
                    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                    s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 33)
                    s.sendto(b'z' * 77, ('127.0.0.1', 5353))
                    """);
            assertThat(bpf.hash("packets", Integer.class, Packet.class).get((int) done.pid()))
                    .isEqualTo(new Packet(
                            14 + 20 + 8 + 77,
                            (short) 0x800,
                            (short) (20 + 8 + 77),
                            (byte) 17,
                            (byte) 33,
                            (short) 5353,
                            "lo"));
        }
    }

    record Transfer(
            @Unsigned int bytes, long sector, @Unsigned int operation, String disk) {}

    @Test
    void fourOfABlockRequest() {
        Workloads.shell("modprobe null_blk nr_devices=1 && test -b /dev/nullb0");
        try (BPF bpf = BPF.fromSource("""
                #include <linux/blk-mq.h>
                #include <linux/blkdev.h>
                struct transfer { u32 bytes; u64 sector; u32 operation; char disk[DISK_NAME_LEN]; };
                BPF_HASH(transfers, u64, struct transfer);
                int kprobe__blk_mq_start_request(struct pt_regs *ctx, struct request *rq) {
                    struct transfer t = {};
                    t.bytes = rq->__data_len; t.sector = rq->__sector; t.operation = rq->cmd_flags & REQ_OP_MASK;
                    bpf_probe_read_kernel_str(&t.disk, sizeof(t.disk), rq->q->disk->disk_name);
                    transfers.update(&t.sector, &t);
                    return 0;
                }
                """)) {
            Workloads.shell("dd if=/dev/zero of=/dev/nullb0 bs=8192 count=3 seek=5 oflag=direct status=none");
            Map<Long, Transfer> transfers = bpf.hash("transfers", Long.class, Transfer.class);
            for (long sector : List.of(80L, 96L, 112L)) {
                assertThat(transfers).containsEntry(sector, new Transfer(8192, sector, 1, "nullb0"));
            }
        }
    }

    @Test
    void aModulesTypesAreTheKernelsOwn() {
        try (BPF bpf = BPF.fromSource("""
                #include <net/9p/client.h>
                BPF_HASH(sizes, u32, u32);
                int kprobe__p9_client_open(struct pt_regs *ctx, struct p9_fid *fid) {
                    u32 pid = bpf_get_current_pid_tgid() >> 32, size = fid->clnt->msize;
                    sizes.update(&pid, &size);
                    return 0;
                }
                """)) {
            int pid = (int) Workloads.command("cat /usr/bin/python3").pid();
            assertThat(bpf.hash("sizes", Integer.class, Integer.class))
                    .containsEntry(pid, 512_000); // as it was mounted
        }
    }
}
