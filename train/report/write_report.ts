import { describeFailure } from "../../core/config/describe_failure.ts";
import type { Events } from "../../core/config/events.ts";
import { requireInArtifactRoot } from "../../core/recipe/require_in_artifact_root.ts";
import type { Store } from "../../core/storage/store.ts";
import { buildReport, type TrainedFacts } from "./build_report.ts";
import { renderReport } from "./render_report.ts";

/** Where a report goes. */
export interface ReportPlace {
  readonly store: Store;
  /** Folder that local outputs must lie in; null: no such rule. */
  readonly artifactRoot: string | null;
  readonly events: Events;
}

/** Where a report is. */
export interface ReportFiles {
  /** URI of the document for people. */
  readonly html: string;
  /** URI of the same facts for programs; a `Report`. */
  readonly json: string;
}

/**
 * Writes `<artifact>.report.html` and `<artifact>.report.json` beside the artifact, which is published: a report that
 * cannot be made or written takes nothing from it. Tells `report_written`, or warns `report_not_written`.
 *
 * @returns Where it is; null when it is not there.
 */
export async function writeReport(
  facts: TrainedFacts,
  { store, artifactRoot, events }: ReportPlace,
): Promise<ReportFiles | null> {
  const { artifact } = facts.publication;
  const html = `${artifact}.report.html`;
  const json = `${artifact}.report.json`;
  const { signal } = facts;

  async function write(uri: string, text: string): Promise<number> {
    const bytes = new TextEncoder().encode(text);
    await store.write(uri, [bytes], {
      signal,
      async beforeCommit() {
        if (artifactRoot !== null) {
          await requireInArtifactRoot(uri, artifactRoot);
        }
      },
    });
    return bytes.length;
  }

  try {
    const report = await buildReport(facts);
    await write(json, `${JSON.stringify(report)}\n`);
    const bytes = await write(html, renderReport(report));
    events.info("report_written", { html, json, bytes });
    return { html, json };
  } catch (error) {
    events.warn("report_not_written", {
      html,
      error: signal.aborted
        ? "Training was stopped after the artifact was published"
        : describeFailure(error).text.trimEnd(),
    });
    return null;
  }
}
