from bench import BPF, FULL, cpu, main, produce, text


class Ring:
    def __init__(self, variant, size):
        self.size = size
        self.bpf = BPF(text=text("ring"))
        self.function = self.bpf.load_func("produce", BPF.SCHED_CLS)
        self.events = self.bpf["events"]
        self.numbers = self.bpf["numbers"]
        self.events.open_ring_buffer(self.event)

    def event(self, context, data, size):
        e = self.events.event(data)
        self.total += e.seq + e.lat + e.pid
        self.seen += 1

    def round(self, report):
        self.seen = self.total = 0
        self.numbers[0] = self.numbers.Leaf(0)
        spent = 0
        for done in range(0, self.size, FULL):
            produce(self.function, min(FULL, self.size - done))
            before = cpu()
            self.bpf.ring_buffer_consume()
            spent += cpu() - before
        report.measured("cpu", spent)
        report.saw("n", self.seen)
        report.saw("sum", self.total)


main(Ring)
