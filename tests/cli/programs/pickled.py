import copy
import pickle
import threading


class Point:
    def __init__(self, x):
        self.x = x
        self.more = [x]


point = pickle.loads(pickle.dumps(Point(3)))
print(type(point) is Point, vars(point), vars(copy.deepcopy(point)), Point.__module__)
for thing in (threading.Lock(), threading.RLock(), threading.Event()):
    try:
        pickle.dumps(thing)
    except TypeError as error:
        print(error)
