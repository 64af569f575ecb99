"""The page that Streamlit runs: navigation and what stands on every page."""

from pathlib import Path

import streamlit as st

from tension.resources import resource

HERE = Path(__file__).parent

st.set_page_config(page_title="tension — Russia and NATO", page_icon=str(resource("data/icon.svg")), layout="wide")

# Streamlit's captions, and in the dark the white on its primary buttons, are too faint to read (WCAG AA: 4.5 to 1).
ON_PRIMARY = "#10151c" if st.context.theme.type == "dark" else "#fff"
STYLE = f"""<style>
.stMainBlockContainer{{padding-top:4rem;padding-bottom:3rem}}
[data-testid="stCaptionContainer"]{{opacity:.8}}
[data-testid^="stBaseButton-primary"]:not(:disabled){{color:{ON_PRIMARY}}}
</style>"""
st.html(STYLE)

page = st.navigation(
    [
        st.Page(HERE / "overview.py", title="Overview", icon=":material/show_chart:", default=True),
        st.Page(HERE / "signals.py", title="Signals", icon=":material/view_module:"),
        st.Page(HERE / "map.py", title="Map", icon=":material/public:"),
        st.Page(HERE / "articles.py", title="Articles", icon=":material/article:"),
        st.Page(HERE / "feeds.py", title="Feeds", icon=":material/rss_feed:"),
        st.Page(HERE / "compare.py", title="Compare", icon=":material/compare_arrows:"),
        st.Page(HERE / "whatif.py", title="What if", icon=":material/tune:"),
        st.Page(HERE / "download.py", title="Download", icon=":material/download:"),
        st.Page(HERE / "method.py", title="Method", icon=":material/functions:"),
    ],
    position="top",
)
page.run()
