"""Work on other computers, by Ray: they compute, the library stays where the person is."""
