/**
 * Makes the page of simulated phones lively: asks for the page again every second and takes over what is new. Without
 * this file everything still works by reloading. Nothing is asked while the page is out of sight.
 */
const EVERY = 1000;

let tag = null;
let asking = null;

/** The page as it is now, with the phones in sight marked as watched. */
function address() {
  const phones = [...document.querySelectorAll("[data-phone]")].filter((phone) => phone.offsetParent !== null);
  const query = new URLSearchParams(phones.map((phone) => ["phone", phone.dataset.phone]));
  if (phones.length > 0) query.set("watched", "1");
  return `/simulator?${query}`;
}

async function refresh() {
  const response = await fetch(address(), { headers: tag ? { "if-none-match": tag } : {}, redirect: "manual" });
  if (response.type === "opaqueredirect") return location.reload(); // signed out meanwhile
  if (response.status !== 200) return;
  tag = response.headers.get("etag");
  takeOver(new DOMParser().parseFromString(await response.text(), "text/html"));
}

/** A person's typing, place and focus stay: the row of phones is exchanged, conversations only grow. */
function takeOver(fresh) {
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(old.id);
    if (!now) continue;
    if (old.dataset.live === "append") {
      const news = [...now.children].filter((item) => item.id && !document.getElementById(item.id));
      if (news.length > 0) for (const item of old.querySelectorAll(":scope > .nothing")) item.remove();
      old.append(...news);
    } else if (old.innerHTML !== now.innerHTML) {
      const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
      old.innerHTML = now.innerHTML;
      if (focused) document.getElementById(focused)?.focus();
    }
  }
}

/** One question at a time; a server that is away is asked again next second. */
function ask() {
  asking ??= refresh()
    .catch(() => undefined)
    .finally(() => {
      asking = null;
    });
  return asking;
}

async function send(form) {
  const button = form.querySelector("button");
  const problem = form.querySelector(".problem");
  button.disabled = true;
  problem.textContent = "";
  try {
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (response.ok) {
      form.elements.body.value = "";
      await asking;
      await ask();
      form.closest(".case").querySelector(".glass").scrollTop = 0; // its bottom: the column runs upwards
    } else {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      problem.textContent = page.getElementById(problem.id)?.textContent || "没有发出去，请刷新页面再试";
    }
  } catch {
    problem.textContent = "没有发出去，请稍后再试";
  } finally {
    button.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-texts]")) return;
  event.preventDefault();
  send(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.target.closest("[data-texts]")?.requestSubmit();
});

setInterval(() => {
  if (!document.hidden) ask();
}, EVERY);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});
