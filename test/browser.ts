import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";

/**
 * Starts a headless Chromium for tests: the one that the environment variable YSTAR_CHROMIUM names,
 * else the one that the development dependency @sparticuz/chromium carries. The caller closes it.
 */
export async function openBrowser(): Promise<Browser> {
  const own = process.env["YSTAR_CHROMIUM"];
  if (own !== undefined && own !== "") {
    if (!existsSync(own)) throw new Error(`YSTAR_CHROMIUM: no file at ${own}.`);
    return chromium.launch({ executablePath: own, args: ["--no-sandbox"] });
  }
  const { default: carried } = await import("@sparticuz/chromium");
  // In a single process the first page that closes takes the browser with it.
  const args = carried.args.filter((arg) => arg !== "--single-process" && arg !== "--no-zygote");
  const executablePath = await carried.executablePath();
  // The carried build now and then crashes while starting; a page that opened is never retried.
  for (let attempt = 1; ; attempt++) {
    try {
      return await chromium.launch({ executablePath, args, timeout: 20_000 });
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

/** A page with everything it complained about and asked the network for. */
export interface WatchedPage {
  readonly page: Page;
  /** Console warnings and errors, uncaught errors. */
  readonly complaints: string[];
  /** Requests for anything but the file itself and inline data. */
  readonly requests: string[];
}

/** Opens a file or address and records complaints and requests until the page is closed. */
export async function watchPage(
  browser: Browser,
  url: string,
  options: { width?: number; height?: number; dark?: boolean } = {},
): Promise<WatchedPage> {
  const { width = 1400, height = 900, dark = false } = options;
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
  });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
  page.on("request", (request) => {
    const address = request.url();
    if (address !== url && !/^(data|blob):/.test(address)) requests.push(address);
  });
  await page.goto(url);
  return { page, complaints, requests };
}
