"""Files people bring us: kept out of the public's reach, looked into before they are kept, served after a question.

storage   where private files are kept
content   what a file really is, whatever its name says
pictures  a photo made safe: small, without its metadata, re-drawn
serving   the answer that carries a private file
"""

from core.files.content import FileRefusedError, Found, check_content
from core.files.pictures import drawn_anew
from core.files.serving import private_file_response
from core.files.storage import private_storage

__all__ = ["FileRefusedError", "Found", "check_content", "drawn_anew", "private_file_response", "private_storage"]
