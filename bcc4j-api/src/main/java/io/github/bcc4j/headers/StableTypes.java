package io.github.bcc4j.headers;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The structs of the kernel's user-space interface and of network protocols: members are only ever added, at the end. */
public final class StableTypes {
    private static final Predicate<String> STABLE = Pattern.compile("(?:(?:struct|union) )?(?:pt_regs|tracepoint__\\w+"
                    + "|ethhdr|vlan_hdr|vlan_ethhdr|iphdr|ipv6hdr|tcphdr|udphdr|icmphdr|icmp6hdr|in6?_addr|sockaddr\\w*"
                    + "|__sk_buff|xdp_md|sk_msg_md|sk_reuseport_md|bpf_raw_tracepoint_args|bpf_perf_event_(?:data|value)"
                    + "|bpf_sock|bpf_sock_(?:addr|ops|tuple)|bpf_fib_lookup|bpf_tunnel_key|bpf_spin_lock|bpf_stack_build_id"
                    + "|bpf_pidns_info|perf_event_attr|bpf_sysctl|bpf_cgroup_storage_key|bpf_redir_neigh|bpf_tcp_sock|btf_ptr"
                    + "|bpf_timer|bpf_dynptr)")
            .asMatchPredicate();

    private StableTypes() {}

    /**
     * Whether a struct is one of them.
     *
     * @param tag with or without the word struct
     * @return true if it is the same for every kernel's programs
     */
    public static boolean contains(String tag) {
        return STABLE.test(tag);
    }
}
