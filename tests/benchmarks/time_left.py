"""python -m tests.benchmarks.time_left: how far the time that indexing is said to take is from what it takes.

Each library is indexed by a process of its own, as the window's worker does it. When a pass says that it is 25, 50
and 75 % done, the time that it tells is compared with the time until the pass is over. The constants of
`retake_core.indexing.passes.cost` were chosen on the libraries of `CHOSEN_ON`; the report is on the others.

The decode processes import this module again, so what is heavy hangs on another one.
"""

if __name__ == "__main__":
    from tests.benchmarks.time_left_runs import main

    main()
