import warnings

warnings.warn("deprecated here", DeprecationWarning)
warnings.warn("look", stacklevel=1)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    warnings.warn("caught")
print(len(caught))
