package io.github.bcc4j;

import io.github.bcc4j.attach.TcSpec;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.ffm.linux.Netlink;
import io.github.bcc4j.ffm.linux.TrafficControl;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A filter on a device's clsact qdisc: what there was before TCX links, and what alone has priorities. */
final class TcFilter {
    private final BpfProgram program;
    private final TcSpec spec;
    private final Netlink socket;
    private final boolean broughtQdisc;
    private final TrafficControl.Filter filter;

    private TcFilter(BpfProgram program, TcSpec spec, Netlink socket, int index) {
        this.program = program;
        this.spec = spec;
        this.socket = socket;
        Netlink.Answer qdisc = TrafficControl.addClsact(socket, index);
        this.broughtQdisc = qdisc.errno() == 0;
        if (!broughtQdisc && qdisc.errno() != Errno.EEXIST) {
            throw refused(qdisc);
        }
        int parent = spec.egress() ? TrafficControl.EGRESS : TrafficControl.INGRESS;
        TrafficControl.Filter wanted = new TrafficControl.Filter(index, parent, spec.priority(), spec.handle());
        Netlink.Answer made = program.fd().use(p -> TrafficControl.addFilter(socket, wanted, p, program.name()));
        if (made.errno() != 0) {
            removeQdisc(index);
            throw refused(made);
        }
        this.filter = made.messages().stream()
                .map(TrafficControl::made)
                .findFirst()
                .orElseThrow(() -> new BpfException("the kernel did not tell which filter it made of " + spec));
    }

    static BpfLink attach(BpfProgram program, TcSpec spec, Consumer<BpfLink> onClose) {
        AtomicReference<TcFilter> made = new AtomicReference<>();
        long result = DeviceAttacher.at(program, spec, spec.device(), index -> {
            Netlink socket = Netlink.open();
            try {
                made.set(new TcFilter(program, spec, socket, index));
                return 0;
            } catch (RuntimeException e) {
                socket.close();
                throw e;
            }
        });
        Attacher.check(result, program, spec);
        TcFilter filter = made.get();
        // The filter has no descriptor; another one of the program stands for it.
        return Attacher.link(program, spec, (int) program.fd().call(Linux::dup), filter::remove, onClose);
    }

    private void remove() {
        TrafficControl.removeFilter(socket, filter);
        removeQdisc(filter.interfaceIndex());
        socket.close();
    }

    private void removeQdisc(int index) {
        if (broughtQdisc
                && !TrafficControl.hasFilters(socket, index, TrafficControl.INGRESS)
                && !TrafficControl.hasFilters(socket, index, TrafficControl.EGRESS)) {
            TrafficControl.removeClsact(socket, index);
        }
    }

    private AttachException refused(Netlink.Answer answer) {
        String hint = switch (answer.errno()) {
            case Errno.EPERM -> "traffic control takes CAP_NET_ADMIN in the device's network namespace";
            case Errno.EEXIST ->
                "there is a filter of this priority and handle already: tc filter show dev "
                        + spec.device().name();
            case Errno.EOPNOTSUPP, Errno.ENOENT ->
                "this kernel was built without the clsact qdisc or the bpf classifier"
                        + " (CONFIG_NET_SCH_INGRESS, CONFIG_NET_CLS_BPF)";
            default -> null;
        };
        return new AttachException(program.name(), spec, answer.errno(), hint != null ? hint : answer.text());
    }
}
