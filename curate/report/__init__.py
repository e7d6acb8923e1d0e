"""The report: one HTML file without a script, to read, to print and to send to a colleague.

facts.py gathers the numbers, findings.py says what they mean, examples.py picks the texts,
twins.py marks where two of them differ; histogram.py bins what was measured, and bars.py and
plots.py draw with svg.py; page.py puts everything into page.html.j2.
"""
