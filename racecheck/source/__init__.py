"""Which files, in what order, how fast; and what the source itself says about findings.

`discover` finds files, `prefilter` says which can matter, `driver` gets their facts from the
`cache` or from the parser, in a `pool` of processes where that pays, and `follow`s calls into files
that were left out. `pragmas` and `baseline` silence findings, `columns` finds their exact spans.
"""
