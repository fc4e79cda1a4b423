// Marks the page as scripted; opens dialogs; helps browsers without popover.
document.documentElement.classList.add("js");

function openDialog(event) {
  const link = event.target.closest("[data-dialog]");
  const dialog = link && document.getElementById(link.dataset.dialog);
  if (!dialog?.showModal) return; // the link leads to a page with the same form
  event.preventDefault();
  dialog.showModal();
}

function closeDialog(event) {
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
}

function openMenu(event) {
  const link = event.target.closest("[data-popover]");
  const menu = link && document.getElementById(link.dataset.popover);
  if (!menu?.togglePopover) return; // the link leads to a page with the same entries
  event.preventDefault();
  menu.togglePopover({ source: link });
}

async function copyText(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  button.textContent = button.dataset.copied ?? "✓";
}

// On a narrow screen the tab of this page may lie outside: both directions of writing scroll by the same difference.
for (const tabs of document.querySelectorAll(".tabs")) {
  const current = tabs.querySelector("[aria-current]")?.getBoundingClientRect();
  const all = tabs.getBoundingClientRect();
  if (current) tabs.scrollLeft += current.x + current.width / 2 - all.x - all.width / 2;
}

document.addEventListener("click", openDialog);
document.addEventListener("click", closeDialog);
document.addEventListener("click", openMenu);
document.addEventListener("click", copyText);
if (navigator.clipboard) document.querySelectorAll("[data-copy][hidden]").forEach((button) => (button.hidden = false));

if (!HTMLElement.prototype.hasOwnProperty("popover")) {
  for (const menu of document.querySelectorAll("[popover]")) menu.hidden = true;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[popovertarget]");
    const wanted = button && document.getElementById(button.getAttribute("popovertarget"));
    for (const menu of document.querySelectorAll("[popover]")) {
      if (menu === wanted) menu.hidden = !menu.hidden;
      else if (!menu.contains(event.target)) menu.hidden = true;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll("[popover]").forEach((menu) => (menu.hidden = true));
  });
}
