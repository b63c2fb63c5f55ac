"""Never comes back, and uses no processor time either.

Must end at the deadline.

outcome: timeout
"""

import time


def unlock(door):
    while True:
        time.sleep(3600)
