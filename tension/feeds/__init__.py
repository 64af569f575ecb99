"""Feeds: which are watched, how they are fetched and parsed, and when they are polled next.

catalogue · opml      feeds.yaml and OPML files become `Feed` records, and back; `listed` reads with every fault named,
                      `entries` has the rules of one entry, `yaml_lines` edits without spoiling the writing, `saving`
                      and `merging` lose no change
addresses             pure: which addresses may be connected to; when two URLs are one article
fetch                 with `connecting` the only network code; `headers` and `unpacking` are pure
discover · linked     from the address of a site to its feeds: asking, and reading its page (pure)
condition · suggest   pure: how a feed fares; a first entry for a new one
parse                 parsing in processes of its own (`worker`), with a deadline and a memory limit
document · plain      pure: bytes become a `ParsedFeed` of plain text; the only code that knows feedparser
fulltext · robots     the pages of articles, as robots.txt allows; `page` takes both apart, in the workers too
politeness · moving   pure: when to ask a feed again, and when to believe that it has moved for good
"""
