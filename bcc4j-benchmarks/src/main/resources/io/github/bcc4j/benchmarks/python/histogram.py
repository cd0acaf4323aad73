from bench import BPF, cpu, main, text


class Histogram:
    def __init__(self, variant, size):
        self.size = size
        self.table = BPF(text=text("histogram"))["h"]
        for slot in range(64):
            self.table[slot] = self.table.Leaf(slot + 1)

    def round(self, report):
        total = 0
        before = cpu()
        for _ in range(self.size):
            for slot, count in self.table.items():
                total += count.value
        report.measured("cpu", cpu() - before)
        report.saw("sum", total)


main(Histogram)
