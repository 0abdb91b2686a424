"""Add up what pytest reported in leg1.xml, leg2.xml ... and end non-zero when anything failed."""

import sys
from pathlib import Path
from xml.etree import ElementTree

folder, *names = sys.argv[1:]
passed = failed = skipped = 0
for number, name in enumerate(names, start=1):
    report = Path(folder, f"leg{number}.xml")
    if not report.is_file():
        print(f"{name}: ended without a report")
        failed += 1
        continue
    suite = ElementTree.parse(report).getroot().find("testsuite")
    wrong = int(suite.get("failures")) + int(suite.get("errors"))
    left_out = int(suite.get("skipped"))
    right = int(suite.get("tests")) - wrong - left_out
    print(f"{name}: {right} passed, {wrong} failed, {left_out} skipped in {float(suite.get('time')):.0f} s")
    if not right and not wrong:
        print(f"{name}: ran no test")
        failed += 1
    passed, failed, skipped = passed + right, failed + wrong, skipped + left_out
print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(1 if failed else 0)
