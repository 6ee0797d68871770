"""The things drawn on a PDF page, those inside of forms too, each with its place on the page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
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
    """A thing drawn: pdfium's handle, where the form that holds it stands, and its box."""

    raw: Any
    place: Matrix
    box: Quad | None


def drawn_on(page: Any, kind: int) -> Iterator[Drawn]:
    """The things of one kind (``FPDF_PAGEOBJ_...``) on a ``pypdfium2.PdfPage``, in order."""
    left = [_MOST]
    count = pdfium.FPDFPage_CountObjects(page.raw)
    for i in range(count):
        yield from _found(pdfium.FPDFPage_GetObject(page.raw, i), kind, _HERE, 0, left)


def _found(thing: Any, kind: int, place: Matrix, depth: int, left: list[int]) -> Iterator[Drawn]:
    left[0] -= 1
    found = pdfium.FPDFPageObj_GetType(thing)
    if found == kind:
        yield Drawn(thing, place, _box(thing, place))
    if found != pdfium.FPDF_PAGEOBJ_FORM or depth >= _DEEPEST:
        return
    inside = matrix_of(thing, place)
    for i in range(pdfium.FPDFFormObj_CountObjects(thing)):
        if left[0] <= 0:
            return
        yield from _found(pdfium.FPDFFormObj_GetObject(thing, i), kind, inside, depth + 1, left)


def matrix_of(thing: Any, place: Matrix) -> Matrix:
    """From a thing's own system to that of the page."""
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, found):
        return place
    return place.after(Matrix(found.a, found.b, found.c, found.d, found.e, found.f))


def _box(thing: Any, place: Matrix) -> Quad | None:
    sides = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(thing, *sides):
        return None
    left, bottom, right, top = (side.value for side in sides)
    box = (left, bottom, right, top)
    return box if place is _HERE else place.box(box)
