/** The playground in a browser, over real servers: what a person can do there, and what it must not do. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import axe from "axe-core";
import { apiKeyDigest } from "../../../serve/api_keys.ts";
import { BrowserSession } from "../../browser_session.ts";
import { testInBrowser } from "../../train/report/browser.ts";
import { HOSTILE } from "../../train/report/hostile_report.ts";
import { API_KEY } from "../client.ts";
import { Served } from "./served.ts";

const VIEWS = [
  { width: 1280, height: 900, scheme: "light" },
  { width: 400, height: 800, scheme: "dark" },
] as const;

/** Text of all elements that a selector finds. */
function texts(page: BrowserSession, selector: string): Promise<string[]> {
  return page.evaluate(
    `[...document.querySelectorAll(${
      JSON.stringify(selector)
    })].map((each) => each.textContent)`,
  );
}

function text(page: BrowserSession, id: string): Promise<string> {
  return page.evaluate(`document.getElementById("${id}").textContent`);
}

/** Puts the focus on an element, as a click there would. */
async function focus(page: BrowserSession, id: string): Promise<void> {
  await page.evaluate(`document.getElementById("${id}").focus()`);
}

const ANSWERED =
  `document.querySelectorAll("#recommended li").length > 0 && !document.body.classList.contains("busy")`;

/** Opens the playground and waits for its first answer. */
async function open(page: BrowserSession, { url }: Served): Promise<void> {
  await page.visit(`${url}/`);
  await page.until(ANSWERED);
}

/** Asserts that nothing was asked of another host, and that the console is silent. */
function assertQuiet(page: BrowserSession, { url }: Served): void {
  assert(page.requests.length > 0);
  assertEquals(page.requests.filter((to) => !to.startsWith(`${url}/`)), []);
  assertEquals(page.complaints, []);
}

/** What axe-core finds, and how wide the page is beside the window. */
async function assertSound(page: BrowserSession): Promise<void> {
  await page.evaluate(`${axe.source}; true`);
  const found = await page.evaluate<{ passes: number; faults: string[][] }>(`
    axe.run().then(({ violations, passes }) => ({
      passes: passes.length,
      faults: violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 200))]),
    }))`);
  assertEquals(found.faults, []);
  assert(found.passes > 15);
  assertEquals(
    await page.evaluate("document.documentElement.scrollWidth - innerWidth"),
    0,
  );
}

testInBrowser(
  "the playground shows the retail model: a user, reasons, the model's card, a visitor and related items, by keyboard alone",
  async (program) => {
    await using served = await Served.retail();
    await using page = await BrowserSession.open(program);
    await page.look(VIEWS[0]);
    await open(page, served);

    // Someone is shown at once, and what the model was worth.
    const score = Number(await text(page, "score"));
    assert(score > 0.1 && score < 0.3);
    assertEquals(await text(page, "score-name"), "NDCG@20");
    assertMatch(
      await text(page, "score-hint"),
      /95 % interval 0\.\d{4} to 0\.\d{4}\d\.\d times the most popular items/,
    );
    const card = await texts(page, "#card dd");
    assertEquals(card[0], "RP3beta");
    assert(card.includes("4,006"));

    // A user by how the id starts.
    await focus(page, "user");
    await page.evaluate(`document.activeElement.select()`);
    await page.type("1585");
    await page.until(
      `document.querySelectorAll("#user-list li").length > 1 && !document.getElementById("user-list").hidden`,
    );
    const users = await texts(page, "#user-list li :first-child bdi");
    assert(users.every((user) => user.startsWith("1585")), users.join());
    await page.press("ArrowDown", "ArrowDown");
    assertEquals(
      await page.evaluate(
        `document.getElementById(document.activeElement.getAttribute("aria-activedescendant")).getAttribute("aria-selected")`,
      ),
      "true",
    );
    await page.press("Enter");
    await page.until(
      `document.getElementById("history-title").textContent.includes("${
        users[1]
      } has")`,
    );
    assertEquals((await texts(page, "#recommended li")).length, 10);
    assertMatch(
      await text(page, "status"),
      /^10 items in [\d.]+ ms, there and back · \d+ left out/,
    );
    const had = await texts(page, "#history .title");
    const reasons = await texts(page, "#recommended .because bdi");
    assert(reasons.length >= 10);
    for (const reason of reasons) assert(had.includes(reason), reason);
    const titles = await texts(page, "#recommended .title");
    assert(!titles.some((title) => had.includes(title)));
    assert(titles.every((title) => /[A-Za-z]{3}/.test(title)));

    // The request that is shown gives what is shown.
    const request = await text(page, "request");
    const body = /-d '(.*)'/.exec(request)![1]!;
    const answer = await fetch(`${served.url}/v1/recipes/retail:recommend`, {
      method: "POST",
      body,
    });
    assertEquals(
      (await answer.json()).items.map(({ title }: { title: string }) => title),
      titles,
    );

    // Variety, by arrows.
    await focus(page, "variety");
    await page.press("ArrowRight", "ArrowRight");
    await page.until(
      `document.getElementById("request").textContent.includes('"lambda":0.8')`,
    );

    // A visitor: radio buttons by arrows, two items by title.
    await page.evaluate(`document.querySelector("[value=user]").focus()`);
    await page.press("ArrowRight");
    await page.until(`!document.getElementById("by-items").hidden`);
    await focus(page, "item");
    for (const search of ["red retrospot", "lantern"]) {
      await page.type(search);
      await page.until(
        `document.getElementById("item").getAttribute("aria-expanded") === "true"`,
      );
      await page.press("ArrowDown", "Enter");
      await page.until(`document.getElementById("item").value === ""`);
    }
    await page.until(
      `document.getElementById("history-title").textContent === "What the visitor has (2)" && ${ANSWERED}`,
    );
    await page.press("Backspace");
    await page.until(
      `document.getElementById("history-title").textContent === "What the visitor has (1)"`,
    );

    // Related to what stands first.
    await page.until(ANSWERED);
    const [first] = await texts(page, "#recommended .title");
    await page.evaluate(`document.querySelector("#recommended .more").focus()`);
    await page.press("Enter");
    await page.until(
      `document.getElementById("history-title").textContent === "Related to (1)"`,
    );
    assertEquals(await texts(page, "#history .title"), [first]);
    assertEquals(
      await page.evaluate(`document.activeElement.id`),
      "results",
    );

    // Somebody else.
    await page.evaluate(`document.querySelector("[value=user]").click()`);
    await page.evaluate(`document.getElementById("random").click()`);
    await page.until(
      `document.getElementById("history-title").textContent.includes(document.getElementById("user").value + " has (") && ${ANSWERED}`,
    );

    // Nobody whom the model knows.
    await focus(page, "user");
    await page.evaluate(`document.activeElement.select()`);
    await page.type("nobody");
    await page.press("Enter");
    await page.until(
      `document.getElementById("recommended-title").textContent.startsWith("Most popular")`,
    );
    assertQuiet(page, served);
  },
);

testInBrowser(
  "the playground and the page of the API have no fault that axe-core finds, in both widths and colours",
  async (program) => {
    await using served = await Served.shops({
      shop: {
        users: { ann: ["bread"], bob: ["apple", "cheese"] },
        fields: [{
          name: "title",
          type: "text",
          values: ["Red apple", "Rye bread", null, "Dates"],
        }],
      },
    });
    await using page = await BrowserSession.open(program);
    for (const { width, height } of VIEWS) {
      for (const scheme of ["light", "dark"] as const) {
        await page.look({ width, height, scheme });
        await open(page, served);
        await page.evaluate(
          `for (const each of document.querySelectorAll("details")) each.open = true`,
        );
        await assertSound(page);
        await page.evaluate(
          `document.querySelector("[value=visitor]").click()`,
        );
        await focus(page, "item");
        await page.type("a");
        await page.until(
          `document.getElementById("item").getAttribute("aria-expanded") === "true"`,
        );
        await page.press("ArrowDown");
        await assertSound(page);
        await page.visit(`${served.url}/docs`);
        await page.evaluate(
          `for (const each of document.querySelectorAll("details")) each.open = true`,
        );
        await assertSound(page);
      }
    }
    assertQuiet(page, served);
  },
);

testInBrowser(
  "the playground takes a key, keeps it in memory, and shows nothing without it",
  async (program) => {
    const digest = apiKeyDigest(API_KEY).toHex();
    await using served = await Served.shops(
      { shop: {}, store: { users: { zoë: ["apple"] } } },
      {
        RECOTEM_ENV: "production",
        RECOTEM_PLAYGROUND: "1",
        RECOTEM_API_KEYS: `one:sha256:${digest}`,
      },
    );
    await using page = await BrowserSession.open(program);
    await page.look(VIEWS[0]);
    await page.visit(`${served.url}/`);
    await page.until(`document.activeElement.id === "key"`);
    assertEquals(
      await page.evaluate(`document.getElementById("play").hidden`),
      true,
    );
    await assertSound(page);
    assertQuiet(page, served);

    await page.type("x".repeat(40));
    await page.press("Enter");
    await page.until(`!document.getElementById("problem").hidden`);
    assertEquals(await text(page, "problem"), "The API key is not valid");
    assertEquals(page.complaints.length, 1);
    page.complaints.length = 0;

    await focus(page, "key");
    await page.type(API_KEY);
    await page.press("Enter");
    await page.until(ANSWERED);
    assertEquals(await text(page, "problem"), "");
    assertMatch(await text(page, "request"), /X-API-Key: \$RECOTEM_API_KEY/);
    assertEquals(
      await page.evaluate(`[
        document.cookie,
        localStorage.length + sessionStorage.length,
        document.documentElement.outerHTML.includes("${API_KEY}"),
        location.href,
        document.getElementById("docs").hidden,
      ]`),
      ["", 0, false, `${served.url}/`, true],
    );

    // The other recipe.
    await page.evaluate(`{
      const recipe = document.getElementById("recipe");
      recipe.value = "store";
      recipe.dispatchEvent(new Event("change"));
    }`);
    await page.until(
      `document.getElementById("history-title").textContent === "What zoë has (1)"`,
    );
    await page.visit(`${served.url}/?again`);
    await page.until(`document.activeElement.id === "key"`);
    assertQuiet(page, served);
  },
);

testInBrowser(
  "the playground shows hostile ids and titles as text",
  async (program) => {
    const [script, attribute, direction, long] = HOSTILE;
    const ids = [script, attribute, direction, "plain"];
    await using served = await Served.shops({
      shop: {
        scores: Object.fromEntries(ids.map((id, n) => [id, 4 - n])),
        users: { [attribute]: [script], [`${direction}'`]: ["plain"] },
        fields: [
          {
            name: "title",
            type: "text",
            values: [script, attribute, direction, long],
          },
          {
            name: script,
            type: "text",
            values: [long, attribute, direction, script],
          },
        ],
      },
    });
    await using page = await BrowserSession.open(program);
    await page.look(VIEWS[1]);
    await open(page, served);
    await page.evaluate(
      `document.getElementById("user").value = ${JSON.stringify(attribute)}`,
    );
    await page.evaluate(`document.getElementById("ask").requestSubmit()`);
    await page.until(
      `document.getElementById("history-title").textContent.includes("onfocus") && ${ANSWERED}`,
    );
    await focus(page, "user");
    await page.press("ArrowDown");
    await page.until(
      `document.getElementById("user").getAttribute("aria-expanded") === "true"`,
    );
    const shown = [
      ...await texts(page, "#recommended .title"),
      ...await texts(page, "#history .title"),
    ].sort();
    assertEquals(shown, [script, attribute, direction, long].sort());
    assertEquals(
      await page.evaluate(`[
        document.title,
        document.querySelectorAll("img, iframe, svg, object, body script").length,
        document.documentElement.scrollWidth,
      ]`),
      ["Playground · Recotem", 0, 400],
    );
    assertQuiet(page, served);
  },
);
