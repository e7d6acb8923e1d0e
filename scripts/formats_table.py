"""Write the table of formats in README.md; a test holds that it is up to date.

python -m scripts.formats_table
"""

from pathlib import Path

from pipeline.readers.catalogue import known_formats

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- formats: python -m scripts.formats_table -->\n", "<!-- /formats -->\n"


def main() -> None:
    before, _, rest = README.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}{table()}{END}{after}", "utf-8")


def table() -> str:
    """The table in Markdown: rows that are conversations first, then files of several rows."""
    lines = ["| format | looks like |", "|---|---|"]
    for name, what, is_row in known_formats():
        shown = f"`{name}`" if is_row else f"{name.replace('_', ' ')} (several rows)"
        lines.append(f"| {shown} | {what.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
