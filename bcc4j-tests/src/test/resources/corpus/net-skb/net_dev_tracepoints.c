// Received bytes by device, with the device's name as a dynamic string of the tracepoint.
#include <uapi/linux/if.h>

struct device { char name[IFNAMSIZ]; };
BPF_HASH(received, struct device);

TRACEPOINT_PROBE(net, netif_receive_skb) {
    struct device d = {};
    TP_DATA_LOC_READ_STR(&d.name, name, sizeof(d.name));
    u64 zero = 0, *bytes = received.lookup_or_try_init(&d, &zero);
    if (bytes)
        *bytes += args->len;
    return 0;
}
