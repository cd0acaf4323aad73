/**
 * Linux system calls as Java methods, with no policy: each method is one call, takes plain numbers and memory segments, and
 * returns the kernel's answer, negative errno included. What an errno means to a user is said one floor up.
 *
 * <p>Source: the man pages bpf(2), perf_event_open(2), epoll(7), mmap(2) and the kernel's {@code include/uapi/linux}.
 */
package io.github.bcc4j.ffm.linux;
