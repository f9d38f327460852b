"""Recompute a card from its items, as an outsider would: nothing of ours is imported."""

import json
import sys


def figures(lines: list[str]) -> dict[str, float]:
    items = [json.loads(line) for line in lines]
    found: dict[str, float] = {}
    for arm in ("base", "base_context", "adapter", "adapter_context", "control"):
        own = [item for item in items if arm in item]
        files = [item for item in own if item["measure"] == "bits_per_byte"]
        if files:
            bits, size = sum(item[arm]["bits"] for item in files), sum(i["bytes"] for i in files)
            found[f"{arm} bits_per_byte"] = bits / size
        lines_of = [item for item in own if item["measure"] == "statement"]
        if lines_of:
            exact = sum(item[arm]["exact"] for item in lines_of)
            found[f"{arm} exact_match"] = exact / len(lines_of)
            alike = sum(item[arm]["similarity"] for item in lines_of)
            found[f"{arm} edit_similarity"] = alike / len(lines_of)
    return found


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        print(json.dumps(figures(file.read().splitlines())))
