// RPC calls of the NFS client: procedure, program, result; types of the sunrpc module.
#include <linux/sunrpc/sched.h>
#include <linux/sunrpc/clnt.h>

struct call { u32 program, procedure; int status; };
BPF_HASH(calls, struct call);

// types: on_exit=kprobe
#if IS_ENABLED(CONFIG_SUNRPC)
int on_exit(struct pt_regs *ctx, struct rpc_task *task) {
    struct rpc_clnt *client = task->tk_client;
    struct call c = {};
    if (client)
        c.program = client->cl_prog;
    c.status = task->tk_status;
    c.procedure = task->tk_msg.rpc_proc->p_proc;
    calls.increment(c);
    return 0;
}
#endif
