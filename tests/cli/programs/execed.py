space = {"__name__": "made"}
exec("def f(x):\n    return x + y\ny = 2", space)
print(space["f"](1), eval("a + 1", {"a": 1}), compile("1 + 1", "<x>", "eval").co_filename)
try:
    exec("1 / 0")
except ZeroDivisionError as error:
    print(error.__traceback__.tb_next.tb_frame.f_code.co_filename)
