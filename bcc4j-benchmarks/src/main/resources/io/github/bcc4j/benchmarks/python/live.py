from bench import BPF, cpu, main, text, wall


class Live:
    def __init__(self, variant, size):
        self.size = size
        self.bpf = BPF(text=text("perf"))
        self.function = self.bpf.load_func("produce", BPF.SCHED_CLS)
        self.events = self.bpf["events"]
        self.numbers = self.bpf["numbers"]
        self.events.open_perf_buffer(self.event, 1024, self.missed, 64)

    def event(self, cpu, data, size):
        e = self.events.event(data)
        self.total += e.seq + e.lat + e.pid
        self.seen += 1

    def missed(self, n):
        self.lost += n

    def round(self, report):
        self.seen = self.total = self.lost = 0
        self.numbers[0] = self.numbers.Leaf(0)
        before = cpu()
        before_poll, deadline = -1, wall() + 2000000000
        while self.seen + self.lost < self.size and wall() < deadline:
            if self.seen != before_poll:
                before_poll, deadline = self.seen, wall() + 2000000000
            self.bpf.perf_buffer_poll(100)
            if self.seen == before_poll:
                self.bpf.perf_buffer_consume()  # the rest below 64 wakes nobody
        report.measured("cpu", cpu() - before)
        report.saw("n", self.seen)
        report.saw("sum", self.total)
        report.saw("lost", self.lost)


main(Live)
