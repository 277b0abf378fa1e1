"""A worker gone mad: odd bytes, answers to nobody, half messages, and then a line without end."""

import random
import sys


def main() -> None:
    """Say all that, until nobody listens."""
    chance = random.Random(int(sys.argv[1]))
    out = sys.stdout.buffer
    for _ in range(300):
        out.write(chance.randbytes(chance.randrange(200)) + b"\n")
        out.write(b'{"answer":"JobDone","version":1,"id":%d}\n' % chance.choice([-1, 0, 10**9, 2**70]))
        out.write(b'{"answer":"MomentsReady","version":1,"id":1,"hits":[{"video_id":"x"}]}\n')
        out.write(b'{"answer":"StillReady","version":1,"id":1,"time":NaN,"jpeg":"=="}\n' + b"[" * 2000 + b"\n")
    while True:
        out.write(b"x" * 2**20)


if __name__ == "__main__":
    main()
