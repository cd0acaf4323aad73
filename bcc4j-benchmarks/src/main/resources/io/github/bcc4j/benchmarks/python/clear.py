from bench import BPF, cpu, fill, main, text


class Clear:
    def __init__(self, variant, size):
        self.size = size
        self.table = BPF(text=text("hash"), cflags=["-DENTRIES=%d" % size])["t"]

    def round(self, report):
        fill(self.table, self.size)
        before = cpu()
        self.table.clear()
        report.measured("cpu", cpu() - before)
        report.saw("left", len(self.table))


main(Clear)
