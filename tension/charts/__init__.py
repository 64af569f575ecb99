"""Data frames → Plotly figures. Pure: no database, no clock, no page of the dashboard.

``index`` draws the index, ``change`` what made it change, ``comparison`` other measures and sources beside it,
``evaluation`` how well the classifier codes; ``document`` puts figures into an HTML file.
"""
