"""What the rows of a file have in common: role tags, preludes, separators, stop words.

One text that begins with `Q:` may be anything; where most rows of a file have `Q:` and `A:` at the
same places, that is the file's template. `find_template` looks at a sample of the first rows, and
the `FileTemplate` that it gives takes the tags off every row that has them where the others do.

    seen           names that stand where tags do
    labels         which names are tags, from many texts of one column
    common_ends    what nearly all questions, or all replies, end with
    file_template  both of them, found in a sample and applied to candidates
"""

from pipeline.readers.templates.file_template import FileTemplate, find_template

__all__ = ["FileTemplate", "find_template"]
