"""How the figures of this folder are made from MakeHuman's base mesh: development time only, see build_figures.py."""
