/// <reference lib="dom" />
import type { ReportView } from "../view.ts";
import type { Selection } from "./selection.ts";

/** Sorting by column, filtering, and the CSV buttons of the candidate table. */
export function mountTable(view: ReportView, selection: Selection): void {
  const table = document.getElementById("table");
  const filter = document.getElementById("filter");
  const sortBy = document.getElementById("sort-by");
  if (table === null) return;
  const wrap = table.parentElement;
  if (wrap !== null) {
    // A header can stay in sight only where the table needs no scrolling sideways.
    new ResizeObserver(() => {
      wrap.classList.toggle("fits", table.scrollWidth <= wrap.clientWidth);
    }).observe(wrap);
  }
  const bodies = [...table.querySelectorAll("tbody")];
  const columns = document.querySelector(".columns");
  const indexOf = (body: Element): number => Number(body.getAttribute("data-c"));

  const sort = (key: string, descending: boolean): void => {
    const valueOf = (index: number): number | string => {
      const c = view.candidates[index];
      if (c === undefined || key === "rank") return index;
      if (key === "formula") return c.formula;
      if (key === "feasible") return c.checks.filter(([, , isMet]) => !isMet).length;
      if (key === "distance") return c.distance ?? 0;
      return c.mean[Number(key.slice(1))] ?? Number.NaN;
    };
    const sign = descending ? -1 : 1;
    const sorted = bodies
      .map((body) => ({ body, index: indexOf(body), value: valueOf(indexOf(body)) }))
      .sort((a, b) => {
        if (Number.isNaN(a.value) || Number.isNaN(b.value)) {
          return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value)) || a.index - b.index;
        }
        const order =
          typeof a.value === "string" && typeof b.value === "string"
            ? a.value.localeCompare(b.value, "en", { numeric: true })
            : Number(a.value) - Number(b.value);
        return sign * order || a.index - b.index;
      });
    table.append(...sorted.map(({ body }) => body));
    for (const { index } of sorted) {
      const column = columns?.querySelector(`[data-c="${index}"]`);
      if (column !== null && column !== undefined) columns?.append(column);
    }
    for (const head of table.querySelectorAll("th[data-key]")) {
      if (head.getAttribute("data-key") === key) {
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      } else head.removeAttribute("aria-sort");
    }
    if (sortBy instanceof HTMLSelectElement) sortBy.value = key;
  };

  // A first click on a quantity shows its better end first.
  const startsDescending = (key: string): boolean =>
    key.startsWith("a") && view.axes[Number(key.slice(1))]?.better === "high";
  table.addEventListener("click", (event) => {
    const head = event.target instanceof Element ? event.target.closest("th[data-key]") : null;
    if (head === null) return;
    const key = head.getAttribute("data-key") ?? "rank";
    const now = head.getAttribute("aria-sort");
    sort(key, now === null ? startsDescending(key) : now === "ascending");
  });
  sortBy?.addEventListener("change", () => {
    if (sortBy instanceof HTMLSelectElement) sort(sortBy.value, startsDescending(sortBy.value));
  });

  filter?.addEventListener("input", () => {
    if (!(filter instanceof HTMLInputElement)) return;
    const words = filter.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    // A symbol such as `nb` means the element, any other text is looked for anywhere.
    const matches = (body: Element): boolean => {
      const text = body.getAttribute("data-find") ?? "";
      const tokens = new Set(text.split(" "));
      return words.every((word) => {
        const isSymbol = view.elements.some(({ symbol }) => symbol.toLowerCase() === word);
        return isSymbol || word === "feasible" ? tokens.has(word) : text.includes(word);
      });
    };
    selection.restrict(
      "filter",
      words.length === 0 ? null : new Set(bodies.filter(matches).map(indexOf)),
    );
  });
  const clear = document.getElementById("clear-brush");
  selection.subscribe((change) => {
    if (change !== "visible") return;
    const { visible } = selection;
    for (const body of bodies) body.hidden = visible !== null && !visible.has(indexOf(body));
    for (const column of columns?.children ?? []) {
      column.classList.toggle("faded", visible !== null && !visible.has(indexOf(column)));
    }
    const shown = document.getElementById("shown");
    if (shown !== null) {
      shown.textContent =
        visible === null ? "" : `${visible.size} of ${view.candidates.length} shown`;
    }
    const none = document.getElementById("none-shown");
    if (none !== null) none.hidden = visible === null || visible.size > 0;
    if (clear !== null) clear.hidden = !selection.isRestricted("brush");
  });

  const say = (button: HTMLElement, text: string): void => {
    const before = button.textContent;
    button.textContent = text;
    setTimeout(() => (button.textContent = before), 1600);
  };
  const copy = document.getElementById("copy-csv");
  copy?.addEventListener("click", () => {
    // Pages opened from a file may lack the clipboard API; a selected text area always works.
    const area = document.createElement("textarea");
    area.value = view.csv;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    say(copy, isCopied ? "Copied" : "Copying was refused");
  });
  document.getElementById("save-csv")?.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([view.csv], { type: "text/csv;charset=utf-8" }));
    const name = view.name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "");
    link.download = `${name.slice(0, 60) || "ystar"}-candidates.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}
