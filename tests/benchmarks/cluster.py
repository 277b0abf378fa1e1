"""python -m tests.benchmarks.cluster: what it costs to index on other computers.

The decode processes import this module again, so what is heavy hangs on another one.
"""

if __name__ == "__main__":
    from tests.benchmarks.cluster_cost import main

    main()
