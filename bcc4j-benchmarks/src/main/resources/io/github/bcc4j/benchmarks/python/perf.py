from bench import BPF, FULL, PAGES, cpu, main, produce, text


class Perf:
    def __init__(self, variant, size):
        self.size = size
        self.bpf = BPF(text=text("perf"))
        self.function = self.bpf.load_func("produce", BPF.SCHED_CLS)
        self.events = self.bpf["events"]
        self.numbers = self.bpf["numbers"]
        self.events.open_perf_buffer(self.event, 4096, self.missed, 1 << 30)

    def event(self, cpu, data, size):
        e = self.events.event(data)
        self.total += e.seq + e.lat + e.pid
        self.seen += 1

    def missed(self, n):
        self.lost += n

    def round(self, report):
        self.seen = self.total = self.lost = 0
        self.numbers[0] = self.numbers.Leaf(0)
        spent = 0
        for done in range(0, self.size, FULL):
            produce(self.function, min(FULL, self.size - done))
            before = cpu()
            self.bpf.perf_buffer_consume()
            spent += cpu() - before
        report.measured("cpu", spent)
        report.saw("n", self.seen)
        report.saw("sum", self.total)
        report.saw("lost", self.lost)


main(Perf)
