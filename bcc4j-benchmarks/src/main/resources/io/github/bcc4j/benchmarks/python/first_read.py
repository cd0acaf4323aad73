import sys

from bcc import BPF

with open(sys.argv[1]) as f:
    bpf = BPF(text=f.read())
total = 0
while total == 0:
    total = sum(n.value for n in bpf["counts"].values())
print("first", flush=True)
sys.stdin.read()
