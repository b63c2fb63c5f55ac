"""Makes system calls under the numbers of another architecture, which no filter may let pass.

Must be killed at the first.

outcome: crashed
"""

import mmap
import os
import platform

X32 = 0x40000000


def as_i386(number):
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8" + number.to_bytes(4, "little") + b"\xcd\x80\xc3")  # mov eax; int 0x80; ret
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()


def unlock(door):
    if platform.machine() != "x86_64":
        os.abort()  # there is one table of numbers only
    return f"through: {as_i386(20)}, {syscall(X32 | 39)}"
