"""python -m tests.benchmarks.time_left: how far the time that indexing is said to take is from what it takes.

Each library is indexed as the window does it, with the text on screen and with what is said. When 25, 50 and
75 % of the time are over, the time that is told for the whole run is compared with what follows. The first library
is one of a computer on which nothing was indexed yet; the others know the speeds of those before. The constants of
`retake_core.indexing.passes.cost` were chosen on the libraries of `CHOSEN_ON`; the report is on the others.

The decode processes import this module again, so what is heavy hangs on another one.
"""

if __name__ == "__main__":
    from tests.benchmarks.time_left_runs import main

    main()
