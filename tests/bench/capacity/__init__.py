"""What a deployment of a given size needs: the cost of each stage, measured, and queues that are fed with it.

    python -m tests.bench.capacity measure      measures this machine into .local/capacity.json (some minutes)
    python -m tests.bench.capacity              the steps of docs/scale.md, by that file or by what is checked in

A cost is processor time, of the worker and of PostgreSQL apart, and does not depend on how busy the machine is; bytes
are those of real tables with their indexes. What is assumed of feeds, readers and curators stands in `demand`.
"""
