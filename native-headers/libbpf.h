/* What bcc4j binds of libbpf: the header that libbpf-dev installs. */
#include <bpf/libbpf.h>
