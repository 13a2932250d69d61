"""Sphinx settings of the documentation site; built by make_site.py."""

import renewopt

project = "renewopt"
author = "The renewopt developers"
release = version = renewopt.__version__
copyright = author  # noqa: A001 - Sphinx calls it so

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
html_theme = "furo"
html_title = f"renewopt {release}"
html_show_sphinx = False
html_copy_source = False

myst_fence_as_directive = ["math"]  # as code hosts write formulas
myst_heading_anchors = 3
nb_execution_mode = "off"  # notebooks are run and kept by whoever changes them

napoleon_google_docstring = False
autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_default_options = {"show-inheritance": False}
