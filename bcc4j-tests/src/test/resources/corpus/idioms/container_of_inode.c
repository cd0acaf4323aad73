// From a member to the struct around it, by a macro of our own and offsetof.
#include <linux/fs.h>
#include <net/sock.h>
#include <linux/net.h>

#define AROUND(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))
BPF_HASH(states, u32);

int kprobe__sock_poll(struct pt_regs *ctx, struct file *file) {
    struct inode *inode = file->f_inode;
    struct socket_alloc *both = AROUND(inode, struct socket_alloc, vfs_inode);
    socket_state state = 0;
    bpf_probe_read_kernel(&state, sizeof(state), &both->socket.state);
    u32 key = state == SS_CONNECTED ? 1 : state == SS_UNCONNECTED ? 2 : 0;
    states.increment(key);
    return 0;
}
