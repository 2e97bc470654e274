/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Selection } from "./selection.ts";

/**
 * Pointing and clicking: every element with `data-c` stands for a candidate. Hovering marks it
 * everywhere, clicking pins it; Escape lets go.
 */
export function mountPointing(selection: Selection): void {
  const indexAt = (target: EventTarget | null): number | null => {
    const found = target instanceof Element ? target.closest("[data-c]") : null;
    return found === null ? null : Number(found.getAttribute("data-c"));
  };
  document.addEventListener("mouseover", (event) => {
    if (event.target instanceof Element && event.target.closest(".chart") !== null) return;
    selection.hover(indexAt(event.target));
  });
  document.addEventListener("focusin", (event) => selection.hover(indexAt(event.target)));
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("details, a, #detail") !== null) return;
    if (String(document.getSelection()) !== "") return;
    const index = indexAt(event.target);
    if (index !== null) selection.pin(index);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && selection.pinned !== null) selection.pin(null);
  });
  selection.subscribe((change) => {
    if (change === "visible") return;
    const focus = selection.focus();
    for (const marked of document.querySelectorAll(".is-focus"))
      marked.classList.remove("is-focus");
    for (const index of focus) {
      for (const part of document.querySelectorAll(`[data-c="${index}"]`)) {
        part.classList.add("is-focus");
      }
    }
    if (change !== "pinned") return;
    for (const part of document.querySelectorAll(".is-pinned")) part.classList.remove("is-pinned");
    for (const button of document.querySelectorAll(".pin")) {
      const isPinned = indexAt(button) === selection.pinned;
      button.setAttribute("aria-pressed", String(isPinned));
      if (isPinned) button.closest("tbody")?.classList.add("is-pinned");
    }
  });
}
