// Keys: what bears data-key is clicked, opened or focused by it while nobody is writing.
"use strict";

const writes = (target) => target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

function act(target) {
  if (target.dataset.opens) {
    const dialog = document.getElementById(target.dataset.opens);
    if (!dialog.open) dialog.showModal();
  } else if (target.matches("input:not([type=checkbox]), textarea")) {
    target.focus();
    if (target.select) target.select();
  } else if (target.matches("summary")) {
    target.parentElement.open = true;
    const field = target.parentElement.querySelector("input:not([type=hidden]), select");
    (field || target).focus();
  } else {
    target.click();
  }
}

function step(by) {
  const quotes = [...document.querySelectorAll("[data-quote]")];
  if (!quotes.length) return;
  const at = quotes.indexOf(document.activeElement.closest("[data-quote]"));
  const next = quotes[Math.min(Math.max(at + by, 0), quotes.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "center" });
}

// Who speaks to the machine, or slips on keys, can turn them off; the browser remembers it.
const keys = document.getElementById("taster");
function heed() {
  document.body.classList.toggle("keyless", keys !== null && !keys.checked);
}
if (keys) {
  keys.checked = localStorage.getItem("taster") !== "fra";
  keys.addEventListener("change", () => {
    localStorage.setItem("taster", keys.checked ? "til" : "fra");
    heed();
  });
  heed();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === "Escape" && writes(event.target)) {
    event.target.blur();
    return;
  }
  if (writes(event.target) || document.querySelector("dialog[open]") || (keys && !keys.checked)) return;
  if (event.key === "Enter" && event.target.matches("a, button, summary, input")) return;
  if (event.key === "j" || event.key === "k") {
    step(event.key === "j" ? 1 : -1);
    return;
  }
  const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (target) {
    event.preventDefault();
    act(target);
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) act(opener);
});

// A page sends one form, once, however quickly keys are pressed.
let sent = false;
document.addEventListener("submit", (event) => {
  if (event.target.method === "dialog") return;
  if (sent) event.preventDefault();
  sent = true;
});
window.addEventListener("pageshow", () => {
  sent = false;
});
