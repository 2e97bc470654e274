"""The first numbers of src/core/rng.ts, computed independently: sfc32 (C. Doty-Humphrey, PractRand) seeded by
FNV-1a steps with a Murmur3 finish. Prints what rng.test.ts freezes.   Run: python3 test/reference/rng.py
"""
from statistics import NormalDist

M = 0xFFFFFFFF


def hash_text(text, seed):
    h = seed
    for letter in text:
        h = ((h ^ ord(letter)) * 0x01000193) & M
        h = ((h << 13) | (h >> 19)) & M
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & M
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & M
    return h ^ (h >> 16)


class Rng:
    def __init__(self, path):
        self.path = path
        self.a, self.b, self.c = (hash_text(path, s) for s in (0x9E3779B9, 0x243F6A88, 0xB7E15162))
        self.counter = 1
        for _ in range(16):
            self.bits()

    def fork(self, label):
        return Rng(f"{self.path}/{len(label)}:{label}")

    def bits(self):
        t = (self.a + self.b + self.counter) & M
        self.counter = (self.counter + 1) & M
        self.a = self.b ^ (self.b >> 9)
        self.b = (self.c + (self.c << 3)) & M
        self.c = ((((self.c << 21) | (self.c >> 11)) & M) + t) & M
        return t

    def uniform(self):
        high, low = self.bits() >> 5, self.bits() >> 6
        return (high * 67108864 + low) / 9007199254740992

    def integer(self, bound):
        limit = 2**32 - 2**32 % bound
        while True:
            bits = self.bits()
            if bits < limit:
                return bits % bound


rng = Rng("7")
print(rng.bits(), rng.bits(), rng.uniform(), rng.integer(10), NormalDist().inv_cdf(rng.uniform()))
print(Rng("7").fork("tree 1").uniform(), Rng("text").uniform(), Rng("-1").uniform())
rng, order = Rng("7"), list(range(8))
for i in range(7, -1, -1):
    j = rng.integer(i + 1)
    order[i], order[j] = order[j], order[i]
print(order)
