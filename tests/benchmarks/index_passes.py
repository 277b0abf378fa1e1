"""python -m tests.benchmarks.index_passes: what the passes cost on clips of every kind, and what they find.

The decode processes import this module again, so what is heavy hangs on another one.
"""

if __name__ == "__main__":
    from tests.benchmarks.passes import main

    main()
