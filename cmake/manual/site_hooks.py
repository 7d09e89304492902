"""What MkDocs cannot be told in mkdocs.yml: files that come from outside docs/."""
import os
import pathlib
import posixpath
import re

from mkdocs.structure.files import File


def on_files(files, config):
    """Adds Doxygen's pages below api/, so that links to them are checked as well, and the style sheet."""
    manual = pathlib.Path(__file__).parent
    reference = pathlib.Path(os.environ["LEASELOCK_REFERENCE"])
    files.append(File("extra.css", str(manual), config["site_dir"], use_directory_urls=False))
    for path in sorted(reference.glob("api/**/*")):
        if path.is_file():
            name = path.relative_to(reference).as_posix()
            files.append(File(name, str(reference), config["site_dir"], use_directory_urls=False))
    return files


def on_page_markdown(markdown, page, config, files):
    """A link to a file of the sources, which are not part of the site, becomes its text."""
    def text_or_link(match):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page.file.src_path), match[2]))
        return match[1] if target.startswith("../") else match[0]

    return re.sub(r"\[([^\]]*)\]\((\.\.?/[^)#\s]*)[^)]*\)", text_or_link, markdown)
