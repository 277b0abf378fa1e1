"""python -m tests.benchmarks.index_speed: how fast, how large and how lean indexing is.

The decode processes import this module again, so what is heavy hangs on another one.
"""

if __name__ == "__main__":
    from tests.benchmarks.speed import main

    main()
