"""Print what the frozen build consists of and under which licence each part is: python licences.py FOLDER.

It reads what the packages in the folder say of themselves; the texts of their licences lie beside that.
"""

import sys
from importlib.metadata import Distribution, distributions

OWN = "retake-desktop"


def licence(part: Distribution) -> str:
    """Return a licence's short name, as far as a package gives one."""
    said = part.metadata
    if name := said["License-Expression"]:
        return str(name)
    classes = [line.split(" :: ")[-1] for line in said.get_all("Classifier", []) if line.startswith("License :: ")]
    first = (said["License"] or "").strip().partition("\n")[0]
    return ", ".join(classes) or first or "see its files"


def main() -> None:
    parts = {part.name: part for part in distributions(path=[sys.argv[1]]) if part.name != OWN}
    for name in sorted(parts, key=str.lower):
        print(f" {name} {parts[name].version}: {licence(parts[name])}")


if __name__ == "__main__":
    main()
