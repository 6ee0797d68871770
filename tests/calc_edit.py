"""Edits a CSV file in LibreOffice Calc and saves it as Shift_JIS: run by a Python that has UNO.

``python3 calc_edit.py FROM EDITS``: EDITS is JSON, ``{"saved.csv": {"A2": "typed into it"}}``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

UTF_8, SHIFT_JIS = 76, 64


def main(source: str, edits: dict[str, dict[str, str]]) -> None:
    pipe = f"kyodo-{time.monotonic_ns()}"
    with tempfile.TemporaryDirectory() as profile:
        office = subprocess.Popen(
            [
                "soffice",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                "--headless",
                "--norestore",
                "--nologo",
                f"--accept=pipe,name={pipe};urp;",
            ]
        )
        try:
            context = connected(pipe)
            for target, cells in edits.items():
                edit(context, source, target, cells)
        finally:
            office.terminate()
            office.wait(30)


def connected(pipe: str):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    end = time.monotonic() + 60
    while True:
        try:
            found = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return found


def edit(context, source: str, target: str, cells: dict[str, str]) -> None:
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context
    )
    sheet_file = desktop.loadComponentFromURL(
        Path(source).as_uri(), "_blank", 0, csv_as(UTF_8, Hidden=True)
    )
    sheet = sheet_file.Sheets.getByIndex(0)
    for cell, typed in cells.items():
        sheet.getCellRangeByName(cell).setFormula(typed)
    sheet_file.storeToURL(Path(target).as_uri(), csv_as(SHIFT_JIS))
    sheet_file.close(True)


def csv_as(encoding: int, **more: object) -> tuple[PropertyValue, ...]:
    given = {
        "FilterName": "Text - txt - csv (StarCalc)",
        "FilterOptions": f"44,34,{encoding},1",
        **more,
    }
    return tuple(PropertyValue(Name=name, Value=value) for name, value in given.items())


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
