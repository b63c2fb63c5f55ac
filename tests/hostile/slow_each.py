"""Takes a little less for each call than a call may take.

Must end at the deadline of all the calls together.

outcome: failed
"""

import time


def unlock(door):
    time.sleep(0.4)
    return door
