"""Which files, in what order, how fast; and what the source itself says about findings.

`discover` finds files, `prefilter` says which can matter, `cache` keeps what was read, `driver`
reads them; `pragmas` silences findings, `columns` finds their exact spans.
"""
