"""What this Tandem counts and measures: declared once, counted in each worker, merged over all of them.

`declared.py` is the table, `memory.py` where a worker counts, `shared.py` how workers and machines are brought
together, `summary.py` and `exposition.py` what is made of it for people and for Prometheus. docs/metrics.md has all of
it in words.
"""
