// Keeps an open page true: waits for a change of its ring (or a few seconds), loads the page again
// and puts in what differs. Without this script everything works, only later.
"use strict";
(() => {
  const PERIOD = 5000;
  const PATIENCE = 5000; // beyond which a daemon that says nothing counts as gone
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  let index = document.body.dataset.index;
  let lastGood = new Date();

  const stale = (since) => {
    const bar = document.getElementById("stale");
    if (since) document.getElementById("stale-since").textContent = since.toISOString().slice(11, 19) + " UTC";
    bar.hidden = !since;
  };

  const changed = async () => {
    const ring = document.body.dataset.ring;
    if (!ring) return pause(PERIOD);
    const poll = "/api/v1/rings/" + encodeURIComponent(ring) + "?index=" + index + "&wait=" + PERIOD + "ms";
    const response = await fetch(poll, {
      method: "HEAD",
      cache: "no-store",
      signal: AbortSignal.timeout(PERIOD + PATIENCE),
    });
    if (!response.ok) throw new Error("status " + response.status);
  };

  const reload = async () => {
    const response = await fetch(location.href, {
      headers: { Accept: "text/html" },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!response.ok) throw new Error("status " + response.status);
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    document.title = next.title;
    index = next.body.dataset.index;
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = next.querySelector('[data-live="' + part.dataset.live + '"]');
      const busy = part.contains(document.activeElement) && document.activeElement !== document.body;
      if (fresh && !busy && fresh.outerHTML !== part.outerHTML) part.replaceWith(document.importNode(fresh, true));
    }
    lastGood = new Date();
    stale(null);
  };

  const follow = async () => {
    for (;;) {
      try {
        await changed();
        if (!document.hidden) await reload();
      } catch (failure) {
        stale(lastGood);
        await pause(2000);
      }
    }
  };

  if (document.querySelector("[data-live]")) follow();
})();
