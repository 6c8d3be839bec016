"""The readers by name; the packages of each are imported only when it is called."""

from __future__ import annotations

from muniment.evidence.readers.extracted import Extracted, unreadable

EXTRA = "muniment[evidence]"


def read_with(name: str, data: bytes) -> Extracted:
    """Read a file with one reader in this process.

    Args:
        name: `html`, `docx`, `pdf-first`, `pdf-second`, `eml` or `mbox`.
        data: The file's bytes.

    Returns:
        What the reader gives, or why it gives no text. Never raises for what the file holds.
    """
    format_name = name.partition("-")[0]
    try:
        return _read(name, data)
    except ImportError:
        return unreadable(format_name, f"reading it needs packages that are not installed: {EXTRA}")
    except MemoryError:
        return unreadable(format_name, "it takes too much time or memory to read")
    except Exception:  # whatever a library raises for a damaged file
        return unreadable(format_name, "it is damaged, or nested too deeply")


def _read(name: str, data: bytes) -> Extracted:
    if name == "html":
        from muniment.evidence.readers.html import read_html

        return read_html(data)
    if name == "docx":
        from muniment.evidence.readers.docx import read_docx

        return read_docx(data)
    if name == "pdf-first":
        from muniment.evidence.readers.pdf import read_pdf

        return read_pdf(data)
    if name == "pdf-second":
        from muniment.evidence.readers.pdf import read_pdf_again

        return read_pdf_again(data)
    if name == "eml":
        from muniment.evidence.readers.mail import read_eml

        return read_eml(data)
    from muniment.evidence.readers.mail import read_mbox

    return read_mbox(data)
