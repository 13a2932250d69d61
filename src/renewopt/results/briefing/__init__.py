"""The brief (简报): the one page from which a director decides, in the report and as a Word document."""
