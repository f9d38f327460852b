"""Bundles are told from code that people wrote, by folder or by what bundlers write."""

import pytest

from gardener_core.code.roles import SMALLEST_BUNDLE, why_not_learned, why_not_ours

LONG = b"x" * SMALLEST_BUNDLE
UMD = b"(function (g, f) { typeof exports === 'object' && typeof module !== 'undefined' ? 1 : 2 })"


@pytest.mark.parametrize(
    ("path", "raw", "why"),
    [
        ("dist/axios.js", b"x = 1", "bundle"),
        ("packages/core/dist/index.d.ts", b"x", "bundle"),
        ("lib/app.js", b"__webpack_require__(3)" + LONG, "bundle"),
        ("lib/app.js", UMD + LONG, "bundle"),
        ("lib/plugin.js", UMD, ""),
        ("lib/dist.js", b"x = 1", ""),
        ("dist/build.py", b"x = 1", ""),
        ("src/dist.rs", LONG, ""),
        ("vendor/a.js", b"x", "vendored"),
        ("a.min.js", b"x", "generated"),
    ],
)
def test_what_a_bundler_wrote_is_not_learned(path: str, raw: bytes, why: str) -> None:
    assert why_not_learned(path, raw) == why
    if why == "bundle":
        assert why_not_ours(path, raw) == "", "it is still found by a search"
