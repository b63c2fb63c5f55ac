"""Student code runs here, behind a boundary that only plain values cross.

`host` is the grader's side. `zygote`, `worker`, `loader` and `confine` run beyond the boundary and
import nothing else of the grader. `wire` is the one module that both sides share.
"""
