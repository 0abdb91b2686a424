"""The structure tree of a tagged PDF: what each part is, in reading order (ISO 32000, 14.7 and 14.8)."""

from __future__ import annotations

from typing import Any

from reportlab.pdfbase import pdfdoc

from core.documents.written import Written, add, number


class Element:
    """A node of the tree: `H1`, `P`, `Table`, `TD` ... with its parts in reading order."""

    __slots__ = ("alt", "parent", "parts", "scope", "tag")

    def __init__(self, tag: str, parent: Element | None = None, *, alt: str = "", scope: str = "") -> None:
        self.tag = tag
        self.parent = parent
        self.alt = alt
        self.scope = scope
        # Elements, and (page, number) of the marked content drawn for this one.
        self.parts: list[Element | tuple[int, int]] = []
        if parent is not None:
            parent.parts.append(self)


def write_structure(doc: Any, root: Element, marks: list[list[Element]]) -> None:
    """Add the tree to a ReportLab document; `marks` are the elements of each page's marked content, by number."""
    for index, page in enumerate(doc.Pages.pages):
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = index, pdfdoc.PDFName("S")
    pages = [number(doc, f"Page{index + 1}") for index in range(len(doc.Pages.pages))]
    top = Written()
    top_number = add(doc, top, "StructTreeRoot")
    written: dict[Element, tuple[Written, int]] = {}
    stack = [root]
    while stack:
        element = stack.pop()
        place = Written()
        written[element] = (place, add(doc, place, f"Struct{len(written)}"))
        stack.extend(part for part in reversed(element.parts) if isinstance(part, Element))
    for element, (place, _own) in written.items():
        parent = written[element.parent][1] if element.parent else top_number
        children = {part: written[part][1] for part in element.parts if isinstance(part, Element)}
        place.content = _entry(element, parent, pages, children).encode("ascii")
    numbers = " ".join(
        f"{page} [{' '.join(f'{written[element][1]} 0 R' for element in marks[page])}]" for page in range(len(pages))
    )
    top.content = (
        f"<</Type /StructTreeRoot /K [{written[root][1]} 0 R] /ParentTree <</Nums [{numbers}]>> "
        f"/ParentTreeNextKey {len(pages)}>>"
    ).encode("ascii")
    doc.Catalog.StructTreeRoot = pdfdoc.PDFObjectReference("StructTreeRoot")
    doc.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})


def _entry(element: Element, parent: int, pages: list[int], children: dict[Element, int]) -> str:
    """Return the dictionary of one element."""
    on = {part[0] for part in element.parts if not isinstance(part, Element)}
    # Content of one page only is named by number alone, which is most of a table.
    one = next(iter(on)) if len(on) == 1 else None
    kids = []
    for part in element.parts:
        if isinstance(part, Element):
            kids.append(f"{children[part]} 0 R")
        elif one is not None:
            kids.append(str(part[1]))
        else:
            kids.append(f"<</Type /MCR /Pg {pages[part[0]]} 0 R /MCID {part[1]}>>")
    said = [f"<</Type /StructElem /S /{element.tag} /P {parent} 0 R"]
    if one is not None:
        said.append(f"/Pg {pages[one]} 0 R")
    said.append(f"/K [{' '.join(kids)}]")
    if element.alt:
        said.append(f"/Alt <FEFF{element.alt.encode('utf-16-be').hex().upper()}>")
    if element.scope:
        said.append(f"/A <</O /Table /Scope /{element.scope}>>")
    return f"{' '.join(said)}>>"
