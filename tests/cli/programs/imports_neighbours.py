import json

import package

print(json.MINE, package.__name__)
