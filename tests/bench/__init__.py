"""Benchmarks: ratios against a floor or a peer measured in the same run, never absolute times.

`python -m tests.bench [NAME] [--scale small|full]`; a module for each benchmark, whose docstring says what is
compared. No test asserts on a time.
"""
