// Keeps an open page true. The daemon says every two seconds, and at once when something changes,
// how things stand; a page that shows something else loads itself again and puts in what differs.
// The header says how old the page is; a red bar appears when the daemon is silent. Without this
// script everything works, only later.
"use strict";
(() => {
  const SILENCE = 6000; // of the daemon, beyond which the page counts as old
  const REFRESH = 10000; // ages on the page are at most that much too young
  const LEAST = 700; // between two loads, however fast things change
  const body = document.body;
  const live = document.getElementById("live");
  const bar = document.getElementById("stale");
  let heard = Date.now();
  let loaded = Date.now();
  let loading = false;
  let broken = false;
  let source = null;

  const describe = (element) =>
    element.tagName + "|" + (element.id || (element.name || "") + "|" + (element.value || element.getAttribute("href") || ""));

  const typing = (part) =>
    [...part.querySelectorAll("input:not([type=checkbox]):not([type=hidden]),select")].some((field) => field === document.activeElement);

  const swap = (old, next) => {
    if (old.outerHTML === next.outerHTML || typing(old)) return;
    const ticked = new Set([...old.querySelectorAll("input:checked")].map((box) => box.value));
    const open = new Set([...old.querySelectorAll("details[open]")].map((part) => part.id));
    const focus = old.contains(document.activeElement) ? describe(document.activeElement) : null;
    const fresh = document.importNode(next, true);
    old.replaceWith(fresh);
    fresh.querySelectorAll("input[name=select]").forEach((box) => (box.checked = ticked.has(box.value)));
    fresh.querySelectorAll("details").forEach((part) => (part.open = part.open || open.has(part.id)));
    if (focus) [...fresh.querySelectorAll("a,button,input,summary")].find((one) => describe(one) === focus)?.focus({ preventScroll: true });
  };

  const load = async () => {
    if (loading) return;
    loading = true;
    try {
      const response = await fetch(location.href, {
        headers: { Accept: "text/html" },
        cache: "no-store",
        signal: AbortSignal.timeout(SILENCE),
      });
      if (!response.ok) return; // what it showed is gone: it stays as it was, and old
      const next = new DOMParser().parseFromString(await response.text(), "text/html");
      document.title = next.title;
      body.dataset.mark = next.body.dataset.mark;
      for (const part of document.querySelectorAll("[data-live]")) {
        const fresh = next.querySelector('[data-live="' + part.dataset.live + '"]');
        if (fresh) swap(part, fresh);
      }
      ready();
      loaded = Date.now();
      alive();
    } catch (failure) {
      broken = true;
    } finally {
      loading = false;
      setTimeout(show, 0);
    }
  };

  const alive = () => {
    heard = Date.now();
    broken = false;
  };

  const show = () => {
    const silent = Date.now() - heard;
    const old = broken || silent > SILENCE;
    live.textContent = old ? "not connected" : "live, updated " + Math.max(1, Math.round(silent / 1000)) + " s ago";
    live.className = old ? "live broken" : "live on";
    if (old && bar.hidden) {
      bar.textContent = "No answer from this daemon since " + new Date(heard).toISOString().slice(11, 19) + " UTC. What you see is old.";
    }
    bar.hidden = !old;
  };

  const listen = () => {
    source = new EventSource(body.dataset.watch);
    source.addEventListener("beat", (beat) => {
      if (beat.data === body.dataset.mark) alive();
      const age = Date.now() - loaded;
      if (beat.data !== body.dataset.mark || age > REFRESH) setTimeout(load, Math.max(0, LEAST - age));
      show();
    });
    source.addEventListener("error", () => {
      broken = true;
      show();
      if (source.readyState === EventSource.CLOSED) setTimeout(() => document.hidden || listen(), 2000);
    });
  };

  // Boxes that only a script can serve.
  const ready = () => document.querySelectorAll("input[data-all]").forEach((box) => (box.hidden = false));
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.all;
    if (name) document.querySelectorAll("input[name=" + name + "]").forEach((box) => (box.checked = event.target.checked));
  });
  ready();

  if (!body.dataset.watch || !window.EventSource) return;
  // A hidden page lets go of its connection: a browser has only six for a host.
  document.addEventListener("visibilitychange", () => {
    source?.close();
    if (!document.hidden) {
      load();
      listen();
    }
  });
  listen();
  show();
  setInterval(show, 1000);
})();
