"""Text that wants to harm a terminal or a screen."""

PAYLOADS = (
    "\x1b]52;c;cHduZWQ=\x07",
    "\x1b]8;;http://evil\x1b\\link",
    "\x1b[2J\x1b[H",
    "\x9b31m\x9d52;c;eA==\x9c",
    "\x1bP$q\x1b\\",
    "\u202egnp.exe\u2066",
    "zero\u200bwidth\ufeff",
    "tag\U000e0041",
    "[/x] [@click=app.exit]OK[/] [link=http://x]",
    "&#x202e; &#27;",
    "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307",
)
# Code that a markup reader would eat.
CODE = ("a[0] = b[i]", "List[int]", "if a[i]>b[j]: [", "x[/]y", "arr[x=='y']", "[/usr/bin]")
EVERYTHING = " ".join(PAYLOADS)
# None of these may reach a terminal out of our data.
FORBIDDEN = (
    "\x1b]52", "\x1b]8;;http", "\x1bP$q", "\x9b", "\x9d", "\u202e", "\u2066", "\u200b", "\ufeff",
    "\U000e0041", "\u0301\u0302\u0303\u0304",
)  # fmt: skip
