"""The report: one HTML file without a script, to read, to print and to send to a colleague.

facts.py gathers the numbers, findings.py says what they mean, examples.py picks the texts,
charts.py draws, and page.py puts all of it into page.html.j2.
"""
