"""Removes, renames, empties and overwrites submissions and results.

Must not be able to.

outcome: failed
shows: denied
control: landlock
"""

import os


def overwrite(path):
    with open(path, "w") as file:
        file.write('{"score": 4}')


EVIDENCE = []
for target in (KNOWN["results"], KNOWN["submission"]):
    EVIDENCE += [
        attempt("overwrite", overwrite, target),
        attempt("append", lambda: open(target, "a").close()),
        attempt("truncate", os.truncate, target, 0),
        attempt("rename", os.rename, target, target + "~"),
        attempt("unlink", os.unlink, target),
        attempt("rmdir", os.rmdir, os.path.dirname(target)),
    ]


def unlock(door):
    return EVIDENCE
