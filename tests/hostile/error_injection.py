"""Raises an exception whose name, message and line try to break whatever shows them.

Must be shown as harmless text, cut to size.

outcome: error
"""

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x1b[31mpassed\x1b[0m\r\x08\x00\ud800\u202e"
MARKUP = "]]></failure></testcase><testcase name='free'/><script>alert(1)</script>&quot;{{7*7}}"


def unlock(door):
    raise type("Error" + MARKUP, (Exception,), {})(ESCAPES + MARKUP + "x" * 10**6)  # \x1b[31m </b>
