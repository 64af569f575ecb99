"""The door: ``streamlit run app.py``. What it opens lives in the package, so ``tension run`` opens the same."""

import streamlit as st

from tension.server import PAGE, ROUTES, lifespan

app = st.App(PAGE, routes=ROUTES, lifespan=lifespan)
