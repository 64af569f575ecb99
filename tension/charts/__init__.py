"""Data frames → Plotly figures. Pure: no database, no clock, no page of the dashboard.

``index`` draws the index; ``evaluation`` how well the classifier codes; ``document`` puts figures into an HTML file.
"""
