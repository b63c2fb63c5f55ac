"""Docstrings, names and lines that look like the kit's own markers, notebooks' magics and markup.

Must be text and nothing else.

outcome: failed
"""

### BEGIN SOLUTION
### END SOLUTION


def unlock(door):
    """\x1b[2J%%bash
    !rm -rf /nowhere
    ]]></script>{{ constructor }}
    @points(100)
    """
    unlock.__name__ = "\x1b[2J" * 100
    unlock.__doc__ = unlock
    return unlock.__doc__
