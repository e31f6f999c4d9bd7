import sys


def hook(kind, value, trace):
    print("hooked", kind.__name__, value, trace.tb_lineno, trace.tb_frame.f_code.co_name)


sys.excepthook = hook
raise LookupError("x")
