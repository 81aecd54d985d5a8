// What the pages do beyond links and forms: copying, searching as one types, and the next page in place. All of it
// works without, too, but for the copying.
"use strict";

function fragment(address) {
  return fetch(address, { headers: { "X-Part": "1" }, credentials: "same-origin" }).then((answer) => {
    if (!answer.ok) throw new Error(answer.status);
    return answer.text();
  });
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = source.textContent.trim();
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection().selectAllChildren(source);
    if (!document.execCommand("copy")) return;
  }
  const before = button.textContent;
  button.textContent = "Copied";
  button.classList.add("copied");
  setTimeout(() => {
    button.textContent = before;
    button.classList.remove("copied");
  }, 2000);
}

async function more(link) {
  link.setAttribute("aria-busy", "true");
  try {
    const place = document.createElement("div");
    place.innerHTML = await fragment(link.href);
    const first = place.querySelector("h3 a");
    link.closest("p").replaceWith(...place.children);
    if (first) first.focus();
  } catch {
    location.href = link.href;
  }
}

async function fill(details) {
  const address = details.dataset.fill;
  delete details.dataset.fill;
  const place = document.createElement("div");
  try {
    place.innerHTML = await fragment(address);
  } catch {
    return; // the link in it leads there as well
  }
  for (const day of place.querySelectorAll("h2.day")) day.classList.add("small");
  details.querySelector("p").replaceWith(...place.children);
}

function searchAsOneTypes(form) {
  const field = form.elements.q;
  const place = document.getElementById(form.dataset.search);
  const atFirst = place.innerHTML;
  let waiting;
  let latest = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const turn = ++latest;
      const words = field.value.trim();
      const address = new URL(form.action);
      if (words) address.searchParams.set("q", words);
      try {
        const found = words ? await fragment(address) : atFirst;
        if (turn !== latest) return;
        place.innerHTML = found;
        history.replaceState(null, "", address);
      } catch {
        form.requestSubmit();
      }
    }, 150);
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
  const link = event.target.closest("a[data-more]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    more(link);
  }
  const all = event.target.closest("[data-all]");
  if (all) for (const box of document.querySelectorAll(all.dataset.all)) box.checked = all.checked;
});

// This event does not bubble.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.open && event.target.dataset.fill) fill(event.target);
  },
  true,
);

for (const form of document.querySelectorAll("form[data-search]")) searchAsOneTypes(form);
