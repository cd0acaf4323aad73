// What goes before each tool's text.

/** Whether the user has asked for others than the current process. */
static inline int unwanted(void) {
    u64 id = bpf_get_current_pid_tgid();
#ifdef ONLY_PID
    if (id >> 32 != ONLY_PID)
        return 1;
#endif
#ifdef ONLY_TID
    if ((u32)id != ONLY_TID)
        return 1;
#endif
#ifdef ONLY_UID
    if ((u32)bpf_get_current_uid_gid() != ONLY_UID)
        return 1;
#endif
    return container_should_be_filtered();
}

/** Whether an address, of IPv4 as ::ffff:a.b.c.d, is of a family that the user has not asked for. */
static inline int other_family(u8 *address) {
    int four = address[10] == 0xff && address[11] == 0xff;
#pragma unroll
    for (int i = 0; i < 10; i++)
        four = four && !address[i];
#ifdef ONLY_IPV4
    return !four;
#elif defined(ONLY_IPV6)
    return four;
#else
    return 0;
#endif
}

#line 1
