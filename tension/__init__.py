"""tension: an index of tension between Russia and NATO, computed live from news feeds.

How the code is laid out
------------------------
One direction, no way back; a module may import what stands to its left, never what stands to its right
(``tests/test_layout.py`` reads the imports and holds the order)::

    errors, records, tongue → settings → feeds → signals → stories → storage → fulltext → index → measured → pipeline
      → archive → scheduler, health, conditions, preview, exports, explain, geography, whatif, charts → api → server
      → dashboard, cli

An article goes: feeds.yaml → fetch → parse → store → code (signals) → group (stories) → measure (index) → chart / CSV /
page.

=====================  ================================================================================
``errors, records``    the error tree; the frozen records that travel between the stages
``settings``           the environment → one frozen value; ``resources``: where shipped files lie
``tongue, locales/``   the reader's language: what pages and charts say; ``translating`` brings it up to date
``feeds/``             feeds.yaml and OPML, the only network code, parsing in worker processes, politeness
``signals/``           the codebook, the classifier that codes an article after it, its training
``stories``            which articles tell of one event: pure
``storage/``           the only SQL: the schema and its migrations, writing (``store``), reading (``frames``)
``fulltext``           the pages of involved articles, read and coded where it is switched on
``index/``             from sums per feed and day to the daily index, its band, what it is made of: pure
``measured``           the panels measured anew from what is stored
``pipeline``           wires the stages for one polling cycle; owns the clock
``archive/``           history from files: loading, coding, measuring and backtests without a database, the
                       labels, the reference series
``scheduler``          when cycles run, and in which of several processes
``health, conditions`` whether polling goes on; how each feed fares
``preview, exports``   what a feed would bring, coded; what leaves as CSV, JSON and Parquet
``explain, whatif``    why a day has its value; the index under an analyst's own assumptions
``geography``          each country's part in the index over a span of days
``api, charts/``       the HTTP routes; data frames → Plotly figures (pure)
``dashboard/``         one thin file a page
``server, cli``        what ``app.py`` and ``tension …`` open
=====================  ================================================================================

Pure where it decides: measuring, politeness and charts take values and return values; the clock is a parameter. What
a feed does wrong is a value in the results of a cycle (``PollStatus.FAILED`` with a reason); a bug crashes loudly.
Where this layout betters the house plan: the index's sums stand ready in ``feed_day``, so that measuring never reads
articles; reading in bulk (``storage.frames``) is apart from writing (``storage.store``).
"""
