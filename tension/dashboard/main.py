"""The page that Streamlit runs: navigation and what stands on every page."""

from pathlib import Path

import streamlit as st

from tension import server
from tension.dashboard import reader, welcome
from tension.resources import resource
from tension.tongue import _

HERE = Path(__file__).parent

st.set_page_config(
    page_title="tension — Russia and NATO",
    page_icon=str(resource("data/icon.svg")),
    layout="wide",
    initial_sidebar_state="collapsed",
)

# Streamlit's captions, and in the dark the white on its primary buttons, are too faint to read (WCAG AA: 4.5 to 1).
ON_PRIMARY = "#10151c" if st.context.theme.type == "dark" else "#fff"
# The button that opens the side panel has no word of its own: on a phone it leads to the pages.
reader.prefer()
settings, menu = _("Settings"), _("Pages and settings")
STYLE = f"""<style>
.stMainBlockContainer{{padding-top:3.6rem;padding-bottom:3rem}}
.stMainBlockContainer h1{{font-size:2rem;padding:.3rem 0}}.stMainBlockContainer h2{{font-size:1.45rem}}
.stMainBlockContainer h3{{font-size:1.2rem}}
[data-testid="stCaptionContainer"]{{opacity:.85;font-size:.92rem}}
[data-testid="InputInstructions"]{{display:none}}
[data-testid="stExpandSidebarButton"]{{width:auto}}
[data-testid="stExpandSidebarButton"]::after{{content:"{settings}";font-size:.85rem;padding-left:.3rem}}
@media (max-width:768px){{
[data-testid="stExpandSidebarButton"]::after{{content:"{menu}"}}
.stMainBlockContainer{{padding-left:1rem;padding-right:1rem}}}}
[data-testid^="stBaseButton-primary"]:not(:disabled),
[data-testid="stBaseLinkButton-primary"]:not([disabled]){{color:{ON_PRIMARY}}}
</style>"""
st.html(STYLE)

page = st.navigation(
    [
        st.Page(HERE / "overview.py", title=_("Overview"), icon=":material/show_chart:", default=True),
        st.Page(HERE / "signals.py", title=_("Signals"), icon=":material/view_module:"),
        st.Page(HERE / "map.py", title=_("Map"), icon=":material/public:"),
        st.Page(HERE / "articles.py", title=_("Stories"), icon=":material/article:"),
        st.Page(HERE / "compare.py", title=_("Compare"), icon=":material/compare_arrows:"),
        st.Page(HERE / "whatif.py", title=_("What if"), icon=":material/tune:"),
        st.Page(HERE / "download.py", title=_("Download"), icon=":material/download:"),
        st.Page(HERE / "method.py", title=_("Method"), icon=":material/functions:"),
        st.Page(HERE / "feeds.py", title=_("Feeds"), icon=":material/rss_feed:"),
    ],
    position="top",
)
reader.take_links()
welcome.line()
try:
    page.run()
finally:
    server.settle(page.url_path or "overview")
