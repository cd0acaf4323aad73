/* What bcc4j binds of bcc: the headers that Debian's libbpfcc-dev and Fedora's bcc-devel install. */
#include <bcc/bcc_common.h>
#include <bcc/bcc_syms.h>
#include <bcc/bcc_usdt.h>
#include <bcc/bcc_proc.h>
#include <bcc/bcc_elf.h>
