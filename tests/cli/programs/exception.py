def outer():
    try:
        inner()
    except KeyError as error:
        raise ValueError("outer") from error


def inner():
    {}["missing"]


outer()
