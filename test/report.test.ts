import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import type { DesignResult } from "../src/campaign/contract.ts";
import { renderReport } from "../src/report/render-report.ts";
import { openBrowser, watchPage } from "./browser.ts";
import type { WatchedPage } from "./browser.ts";
import { sampleResult } from "./reference/sample-result.ts";

const hostile = `<script>document.title="taken"</script><img src=x onerror="document.title='taken'">`;

/** A result whose every text from outside tries to break out. */
function hostileResult(): DesignResult {
  const result = sampleResult({ candidates: 3 });
  const wrap = (text: string): string => `${text}${hostile}</script>"'&`;
  return {
    ...result,
    problem: {
      ...result.problem,
      name: wrap(result.problem.name),
      text: wrap(result.problem.text),
      constraints: result.problem.constraints.map(wrap),
      targets: result.problem.targets.map((t) => ({
        ...t,
        title: wrap(t.title),
        text: wrap(t.text),
      })),
    },
    warnings: result.warnings.map(wrap),
    candidates: result.candidates.map((c) => ({
      ...c,
      id: wrap(c.id),
      reason: wrap(c.reason),
      nearest: { ...c.nearest!, formula: wrap(c.nearest!.formula), difference: hostile },
      design: {
        ...c.design,
        formula: wrap(c.design.formula),
        process: { [wrap("route")]: hostile },
      },
      constraints: c.constraints.map((check) => ({ ...check, text: wrap(check.text) })),
    })),
    measured: result.measured.map((m) => ({ ...m, formula: wrap(m.formula) })),
    models: result.models.map((m) => ({
      ...m,
      protocol: wrap(m.protocol),
      features: m.features.map(wrap),
      parity: m.parity.map((p) => ({ ...p, formula: wrap(p.formula) })),
    })),
    data: { ...result.data!, source: wrap("data"), reference: hostile, license: hostile },
  };
}

test("the same result gives the same page", () => {
  assert.ok(renderReport(sampleResult()) === renderReport(sampleResult()));
});

test("a page of twenty candidates stays under 1.5 MB and names no other address to load", () => {
  const html = renderReport(sampleResult());
  assert.ok(Buffer.byteLength(html) < 1.5e6, `${Buffer.byteLength(html)} bytes`);
  const markup = html.replaceAll(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, "<$1>");
  assert.deepEqual(markup.match(/<[a-z]+ [^>]*(src|href)="(?!data:|#)[^"]*"/g), null);
});

describe("in a browser", () => {
  let browser: Browser;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "ystar-report-"));
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (
    result: DesignResult,
    options: Parameters<typeof watchPage>[2] = {},
  ): Promise<WatchedPage> => {
    const file = join(folder, "report.html");
    writeFileSync(file, renderReport(result));
    return watchPage(browser, pathToFileURL(file).href, options);
  };
  const firstFormula = `document.querySelector("#table tbody:not([hidden]) .pin").textContent`;

  const cases: [string, DesignResult][] = [
    ["twenty candidates", sampleResult()],
    ["one candidate with one target", sampleResult({ candidates: 1, targets: 1 })],
    ["no candidate", sampleResult({ candidates: 0 })],
    ["two hundred candidates with five targets", sampleResult({ candidates: 200, targets: 5 })],
    ["physics alone", sampleResult({ models: false, targets: 2 })],
    ["very long names", sampleResult({ longNames: true })],
    ["hostile texts", hostileResult()],
  ];
  for (const [name, result] of cases) {
    test(`${name}: no complaint, no request, nothing wider than the window`, async () => {
      const { page, complaints, requests } = await open(result);
      for (const width of [1400, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme: width < 500 ? "dark" : "light" });
        const state = (await page.evaluate(`({
          title: document.title,
          wide: document.documentElement.scrollWidth,
          charts: document.querySelectorAll("canvas").length,
          rows: document.querySelectorAll("#table tbody").length,
          images: document.querySelectorAll("img").length,
          headings: document.querySelectorAll("h1").length,
        })`)) as Record<string, number | string>;
        assert.deepEqual(complaints, []);
        assert.deepEqual(requests, []);
        assert.ok(Number(state["wide"]) <= width, `${state["wide"]} px wide in ${width} px`);
        assert.equal(state["rows"], result.candidates.length);
        assert.equal(state["images"], 0);
        assert.equal(state["headings"], 1);
        assert.match(String(state["title"]), /ystar design report$/);
        if (result.candidates.length > 0) assert.ok(Number(state["charts"]) >= 2);
      }
      await page.close();
    });
  }

  test("a header sorts its column, better end first, and a second click turns it round", async () => {
    const result = sampleResult();
    const { page } = await open(result);
    const strengths = result.candidates.map((c) => c.predictions["yield_strength"]?.mean ?? 0);
    const at = (value: number): string =>
      result.candidates[strengths.indexOf(value)].design.formula;
    await page.click('th[data-key="a0"] button');
    assert.equal(await page.evaluate(firstFormula), at(Math.max(...strengths)));
    assert.equal(await page.getAttribute('th[data-key="a0"]', "aria-sort"), "descending");
    await page.click('th[data-key="a0"] button');
    assert.equal(await page.evaluate(firstFormula), at(Math.min(...strengths)));
    await page.close();
  });

  test("the filter keeps candidates with the element and says how many", async () => {
    const result = sampleResult();
    const { page } = await open(result);
    await page.fill("#filter", "hf");
    const expected = result.candidates.filter((c) => (c.design.fractions["Hf"] ?? 0) > 0).length;
    assert.ok(expected > 0 && expected < result.candidates.length);
    assert.equal(await page.locator("#table tbody:visible").count(), expected);
    assert.equal(await page.textContent("#shown"), `${expected} of 20 shown`);
    await page.fill("#filter", "no such thing");
    assert.ok(await page.isVisible("#none-shown"));
    await page.close();
  });

  test("pointing at a row marks it in every view, clicking pins it with its details", async () => {
    const result = sampleResult();
    const { page, complaints } = await open(result);
    await page.hover('#table tbody[data-c="3"] td.rank');
    assert.equal(await page.locator('.col[data-c="3"].is-focus').count(), 1);
    const focused = `echarts.getInstanceByDom(document.getElementById("pareto")).getOption().series.find(s => s.id === "focus").data.map(d => d.name)`;
    assert.deepEqual(await page.evaluate(focused), ["4"]);
    await page.click('#table tbody[data-c="3"] td.rank');
    await page.mouse.move(5, 5);
    assert.deepEqual(await page.evaluate(focused), ["4"]);
    const card = (await page.textContent("#detail")) ?? "";
    const { formula, process } = result.candidates[3].design;
    assert.ok(card.includes(formula) && card.includes(String(process["route"])));
    assert.ok(card.includes("wt%") && card.includes(result.candidates[3].nearest!.difference));
    assert.equal(await page.getAttribute('tbody[data-c="3"] .pin', "aria-pressed"), "true");
    await page.keyboard.press("Escape");
    assert.ok(await page.isHidden("#detail"));
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test("a row is pinned from the keyboard", async () => {
    const { page } = await open(sampleResult({ candidates: 4 }));
    await page.focus('tbody[data-c="1"] .pin');
    await page.keyboard.press("Enter");
    assert.match((await page.textContent("#detail")) ?? "", /Candidate 2/);
    await page.close();
  });

  test("a drag along a parallel axis keeps the candidates inside it, and clearing brings all back", async () => {
    const { page, complaints } = await open(sampleResult());
    await page.locator("#parallel").scrollIntoViewIfNeeded();
    const box = await page.locator("#parallel").boundingBox();
    assert.ok(box !== null);
    const x = box.x + 32;
    await page.mouse.move(x, box.y + 90);
    await page.mouse.down();
    await page.mouse.move(x, box.y + 200, { steps: 6 });
    await page.mouse.move(x, box.y + 330, { steps: 6 });
    await page.mouse.up();
    await page.waitForSelector("#clear-brush:not([hidden])");
    const kept = await page.locator("#table tbody:visible").count();
    assert.ok(kept > 0 && kept < 20, `${kept} kept`);
    await page.click("#clear-brush");
    assert.equal(await page.locator("#table tbody:visible").count(), 20);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test("the scatter takes other axes", async () => {
    const { page } = await open(sampleResult({ targets: 5 }));
    await page.selectOption("#x-axis", { label: "Melting temperature" });
    const name = await page.evaluate(
      `echarts.getInstanceByDom(document.getElementById("pareto")).getOption().xAxis[0].name`,
    );
    assert.match(String(name), /Melting temperature, K/);
    await page.close();
  });

  test("charts are drawn: the scatter has ink of several colours in light and dark", async () => {
    for (const dark of [false, true]) {
      const { page } = await open(sampleResult(), { dark });
      const colours = await page.evaluate(`(() => {
        const canvas = document.querySelector("#pareto canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set();
        for (let i = 0; i < data.length; i += 44) {
          if (data[i + 3] > 200) seen.add([data[i] >> 5, data[i + 1] >> 5, data[i + 2] >> 5].join());
        }
        return seen.size;
      })()`);
      assert.ok(Number(colours) >= 5, `${String(colours)} colours`);
      await page.close();
    }
  });

  test("the download is the CSV of the candidates", async () => {
    const { page } = await open(sampleResult({ candidates: 5 }));
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save-csv")]);
    assert.equal(
      download.suggestedFilename(),
      "light-refractory-single-phase-alloys-candidates.csv",
    );
    await page.close();
  });

  test("without scripts the table, the compositions and a still picture of the trade-off remain", async () => {
    const file = join(folder, "still.html");
    writeFileSync(file, renderReport(sampleResult({ candidates: 5 })));
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    assert.equal(await page.locator("#table tbody:visible").count(), 5);
    assert.equal(await page.locator("#pareto svg.still circle[stroke]").count(), 5);
    assert.ok(await page.isHidden("#filter"));
    await context.close();
  });
});
