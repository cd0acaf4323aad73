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

#line 1
