"""The things drawn on a PDF page, those inside of forms too, each with its place on the page."""

from __future__ import annotations

import ctypes
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

_DEEPEST = 4
_MOST = 200_000

Quad = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points."""


class Matrix(NamedTuple):
    """Where a point goes: (a x + c y + e, b x + d y + f)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the one system in the other."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def after(self, first: Matrix) -> Matrix:
        """One matrix for: ``first``, then this one."""
        return Matrix(
            self.a * first.a + self.c * first.b,
            self.b * first.a + self.d * first.b,
            self.a * first.c + self.c * first.d,
            self.b * first.c + self.d * first.d,
            *self.point(first.e, first.f),
        )

    def box(self, box: Quad) -> Quad:
        """The box around a box of the one system, in the other."""
        corners = [self.point(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)


_HERE = Matrix()


class Drawn(NamedTuple):
    """A thing drawn: its kind (``FPDF_PAGEOBJ_...``), pdfium's handle, where its form stands."""

    kind: int
    raw: Any
    place: Matrix


def drawn_on(page: Any) -> list[Drawn]:
    """The things on a ``pypdfium2.PdfPage`` in order, those inside of forms among them."""
    things: list[Drawn] = []
    for i in range(min(pdfium.FPDFPage_CountObjects(page.raw), _MOST)):
        _add(things, pdfium.FPDFPage_GetObject(page.raw, i), _HERE, 0)
    return things


def _add(things: list[Drawn], raw: Any, place: Matrix, depth: int) -> None:
    kind = pdfium.FPDFPageObj_GetType(raw)
    things.append(Drawn(kind, raw, place))
    if kind != pdfium.FPDF_PAGEOBJ_FORM or depth >= _DEEPEST:
        return
    inside = matrix_of(raw, place)
    for i in range(pdfium.FPDFFormObj_CountObjects(raw)):
        if len(things) >= _MOST:
            return
        _add(things, pdfium.FPDFFormObj_GetObject(raw, i), inside, depth + 1)


def matrix_of(thing: Any, place: Matrix) -> Matrix:
    """From a thing's own system to that of the page."""
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, found):
        return place
    return place.after(Matrix(found.a, found.b, found.c, found.d, found.e, found.f))


def box_of(thing: Drawn) -> Quad | None:
    """The box of a thing on the page, None where it has none."""
    sides = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(thing.raw, *sides):
        return None
    left, bottom, right, top = (side.value for side in sides)
    box = (left, bottom, right, top)
    return box if thing.place is _HERE else thing.place.box(box)
