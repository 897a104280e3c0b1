"""Files in which boards are carried out of a Tandem or into one: our own JSON, CSV, and the JSON of Trello.

What is in them becomes domain/carried.py, and nothing else is believed of them.
"""
