from bench import BPF, cpu, main, text


class PerCpu:
    def __init__(self, variant, size):
        self.table = BPF(text=text("percpu"), cflags=["-DENTRIES=%d" % size])["t"]
        for i in range(size):
            leaf = self.table.Leaf()
            for c in range(len(leaf)):
                leaf[c] = i + c
            self.table[self.table.Key(i)] = leaf

    def round(self, report):
        n = total = 0
        before = cpu()
        for key, values in self.table.items():
            total += key.value + sum(values)
            n += 1
        report.measured("cpu", cpu() - before)
        report.saw("n", n)
        report.saw("sum", total)


main(PerCpu)
