from bench import BPF, cpu, fill, main, text


class Single:
    def __init__(self, variant, size):
        self.size = size
        self.table = BPF(text=text("hash"), cflags=["-DENTRIES=%d" % size])["t"]
        fill(self.table, size)
        self.keys = [self.table.Key(i * 2654435761 % size) for i in range(size)]

    def round(self, report):
        table, total = self.table, 0
        before = cpu()
        for key in self.keys:
            total += table[key].value
        report.measured("lookup", cpu() - before)
        before = cpu()
        for key in self.keys:
            table[key] = table.Leaf(3 * key.value)
        report.measured("update", cpu() - before)
        report.saw("sum", total)


main(Single)
