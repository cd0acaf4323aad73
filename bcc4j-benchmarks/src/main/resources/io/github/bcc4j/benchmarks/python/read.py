from bench import BPF, cpu, fill, main, text


class Read:
    def __init__(self, variant, size):
        self.table = BPF(text=text("hash"), cflags=["-DENTRIES=%d" % size])["t"]
        self.entries = self.table.items_lookup_batch if variant == "batch" else self.table.items
        fill(self.table, size)

    def round(self, report):
        n = total = 0
        before = cpu()
        for key, value in self.entries():
            # a batch gives plain numbers, items() gives objects of ctypes
            total += getattr(key, "value", key) + getattr(value, "value", value)
            n += 1
        report.measured("cpu", cpu() - before)
        report.saw("n", n)
        report.saw("sum", total)


main(Read)
