"""A paper for the demo: what an officer would attach, made when it is played, with a line on top that it is made up."""

from datetime import datetime

from client.demo.scenario import Attached

_TEMPLATE = b"""
#set document(title: sys.inputs.title)
#set page(paper: "a4", header: text(9pt, style: "italic", sys.inputs.note))
= #sys.inputs.title
#sys.inputs.text
"""


def pdf(file: Attached, note: str, at: datetime) -> bytes:
    """As a PDF, dated by the played clock."""
    import typst

    inputs = {"title": file.title, "text": file.text, "note": note}
    made = typst.compile(_TEMPLATE, format="pdf", sys_inputs=inputs, timestamp=at)
    assert isinstance(made, bytes)
    return made
