// Devices that come up: flags, MTU, hardware address.
#include <linux/netdevice.h>
#include <uapi/linux/if.h>
#include <linux/etherdevice.h>

struct up { int ifindex; unsigned int flags, mtu; unsigned short type; u8 mac[6]; char name[IFNAMSIZ]; };
BPF_PERF_OUTPUT(ups);

int kprobe____dev_notify_flags(struct pt_regs *ctx, struct net_device *dev, unsigned int old_flags) {
    unsigned int now = dev->flags;
    if (!((now ^ old_flags) & IFF_UP))
        return 0;
    struct up u = {};
    u.ifindex = dev->ifindex;
    u.flags = now;
    u.mtu = dev->mtu;
    u.type = dev->type;
    const unsigned char *mac = dev->dev_addr;
    bpf_probe_read_kernel(&u.mac, sizeof(u.mac), mac);
    bpf_probe_read_kernel_str(&u.name, sizeof(u.name), dev->name);
    ups.perf_submit(ctx, &u, sizeof(u));
    return 0;
}
