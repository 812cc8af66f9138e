import type { Report } from "../../../train/report/report.ts";
import { ofAlgorithm, reportOf } from "./fixture.ts";

/** Texts that would do harm where they were taken for markup, or spoil the page. */
export const HOSTILE: readonly [string, string, string, string] = [
  `</script></style></title><script>document.title = "run"</script>`,
  `" onfocus="document.title = 'run'" autofocus x='<img src=x onerror=alert(1)>`,
  "\u202eright to left\u202d مرحبا 👩‍👩‍👧‍👦🇯🇵",
  `<svg onload=alert(1)>${"x".repeat(5000)}`,
];

/** A report in which every text from elsewhere is hostile. */
export async function hostileReport(): Promise<Report> {
  const [script, attribute, direction, long] = HOSTILE;
  const report = await reportOf({
    trials: [
      ofAlgorithm("TopPop", 0),
      ofAlgorithm("IALS", 1, {
        evaluation: null,
        state: "failed",
        error: script,
        params: { reg: script },
      }),
    ],
    itemIds: [...HOSTILE],
    fields: [
      {
        name: "title",
        type: "text",
        values: [long, direction, attribute, script],
      },
      { name: script, type: "text", values: [...HOSTILE] },
    ],
    recipeText: `# ${HOSTILE.slice(0, 3).join("\n# ")}\nname: books\n`,
  });
  return {
    ...report,
    recipe: { ...report.recipe, name: script },
    artifact: { ...report.artifact, uri: attribute, pointer: script },
    run: { ...report.run, id: script, engine: attribute },
    samples: report.samples.map((sample, n) => ({
      ...sample,
      user_id: HOSTILE[n % HOSTILE.length]!,
    })),
  };
}
