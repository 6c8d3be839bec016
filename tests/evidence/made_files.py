"""Small files of each format, made where a test needs them."""

from __future__ import annotations

import io
import zipfile

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PICTURE = b"q 612 0 0 792 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI Q"
"""One grey pixel, drawn over a whole page, as a scanner's picture is."""


def pdf_of(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF of numbered objects, the first of which is its catalog."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, written in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n" % number + written + b"\nendobj\n")
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table))
    return out.getvalue()


def pdf(*pages: bytes, title: str = "") -> bytes:
    """Return a PDF with a page for each content stream."""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({title}) >>".encode(),
    ]
    for number, content in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (6 + 2 * number)
        )
        objects.append(stream(content))
    return pdf_of(objects, b"/Info 4 0 R")


def stream(content: bytes, more: bytes = b"") -> bytes:
    """Return a stream object."""
    return b"<< /Length %d %s >>\nstream\n" % (len(content), more) + content + b"\nendstream"


def lines(*words: str, x: int = 72, y: int = 700) -> bytes:
    """Return a content stream that writes lines of text from a point downwards."""
    shown = b" ".join(b"(%s) Tj T*" % line.encode("cp1252") for line in words)
    return b"BT /F1 12 Tf %d %d Td 14 TL %s ET" % (x, y, shown)


def docx(body: str, **parts: str) -> bytes:
    """Return a Word file with a body, and further parts such as `footnotes`, `comments`, `header`, `footer`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relations({"officeDocument": "word/document.xml"}))
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        archive.writestr("word/_rels/document.xml.rels", relations({kind: f"{kind}.xml" for kind in parts}))
        for kind, inner in parts.items():
            archive.writestr(f"word/{kind}.xml", f"<w:{kind} {W}>{inner}</w:{kind}>")
        archive.writestr("docProps/core.xml", '<c xmlns:d="urn:d"><d:title>Bylaws</d:title></c>')
    return out.getvalue()


def relations(targets: dict[str, str]) -> str:
    """Return the listing of related parts, by kind."""
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{TYPE}{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{listed}</Relationships>'
    )


def paragraph(*runs: str) -> str:
    """Return a paragraph of runs; a run without markup is made one of text."""
    return "<w:p>" + "".join(run if run.startswith("<") else text_run(run) for run in runs) + "</w:p>"


def text_run(words: str, tag: str = "t", properties: str = "") -> str:
    """Return a run of text."""
    return f'<w:r>{properties}<w:{tag} xml:space="preserve">{words}</w:{tag}></w:r>'


def mail(body: str, **headers: str) -> bytes:
    """Return a message; `_` in the name of a header is a hyphen."""
    head = "".join(f"{name.replace('_', '-')}: {words}\n" for name, words in headers.items())
    return f"{head}\n{body}".encode()
