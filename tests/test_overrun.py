"""A host with many slow feeds does not hold up the next poll of the others."""

from __future__ import annotations

import time

from tension.pipeline import Pipeline
from tests.feedlists import loopback_settings, write_feeds
from tests.test_moving import RSS
from tests.websites import Page, website


def test_feeds_whose_turn_does_not_come_in_time_stay_due_and_are_asked_first(store, tmp_path):
    settings = loopback_settings(tmp_path, connections_per_host=1)
    with website() as slow, website() as quick, Pipeline(settings, store) as pipeline:
        slow.pages = {f"/slow{n}": Page(RSS, wait=lambda: time.sleep(1)) for n in range(8)}
        quick.pages["/quick"] = Page(RSS)
        write_feeds(settings.feeds, [*(slow.url + path for path in slow.pages), f"{quick.url}/quick"])
        pipeline.sync_catalogue()
        first = pipeline.run_cycle(every_feed=False, publish=False, poll_seconds=2.5)
        asked = len(slow.asked)
        assert {poll.url for poll in first} == {f"{quick.url}/quick", *(slow.url + path for path in slow.asked)}
        assert 1 <= asked <= 3
        left = {state.feed.url for state in pipeline.due()}
        assert left == {slow.url + path for path in slow.pages} - {poll.url for poll in first}
        assert all(state.failures_in_row == 0 for state in store.watched())

        late = store.watched()[0]
        pipeline.now = lambda: late.next_poll_at
        assert pipeline.due()[-1].id == late.id
        pipeline.run_cycle(every_feed=False, publish=False, poll_seconds=1)
        assert slow.asked[asked] == f"/slow{asked}"  # not the first one again, which is due since a moment
