import { assert, assertEquals, assertMatch } from "@std/assert";
import { PopularityModel } from "../../../core/models/popularity.ts";
import { FileStore } from "../../../core/storage/file_store.ts";
import type { TrainedFacts } from "../../../train/report/build_report.ts";
import {
  type ReportPlace,
  writeReport,
} from "../../../train/report/write_report.ts";
import { recordEvents } from "../../core/record_events.ts";
import { trained, type TrainedOptions } from "./fixture.ts";

interface Written {
  readonly folder: string;
  readonly files: Awaited<ReturnType<typeof writeReport>>;
  readonly names: readonly string[];
  readonly seen: ReturnType<typeof recordEvents>["seen"];
}

function test(
  name: string,
  check: (written: Written) => Promise<void> | void,
  { facts, place, options }: {
    facts?: (facts: TrainedFacts) => Partial<TrainedFacts>;
    place?: (folder: string) => Partial<ReportPlace>;
    options?: TrainedOptions;
  } = {},
): void {
  Deno.test(`writeReport() ${name}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const events = recordEvents();
      const known = await trained(options);
      const publication = {
        ...known.publication,
        artifact: `${folder}/books.01234567.recotem`,
      };
      const files = await writeReport(
        { ...known, publication, ...facts?.(known) },
        {
          store: new FileStore(),
          artifactRoot: null,
          events,
          ...place?.(folder),
        },
      );
      const names = (await Array.fromAsync(Deno.readDir(folder)))
        .map(({ name }) => name).sort();
      await check({ folder, files, names, seen: events.seen });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

test("writes a document and the same facts as JSON, named as the artifact", async ({ folder, files, names, seen }) => {
  assertEquals(names, [
    "books.01234567.recotem.report.html",
    "books.01234567.recotem.report.json",
  ]);
  assertEquals(files, {
    html: `${folder}/${names[0]}`,
    json: `${folder}/${names[1]}`,
  });
  const report = JSON.parse(await Deno.readTextFile(files!.json));
  assertEquals(report.schema_version, 1);
  assertEquals(report.run.wall_seconds, 12.5);
  const document = await Deno.readTextFile(files!.html);
  assertMatch(document, /^<!DOCTYPE html>/);
  assertEquals(seen, [["info", "report_written", {
    ...files!,
    bytes: new TextEncoder().encode(document).length,
  }]]);
});

function assertWarned({ files, seen }: Written, says: RegExp): void {
  assertEquals(files, null);
  assertEquals(seen.map(([level, event]) => [level, event]), [
    ["warn", "report_not_written"],
  ]);
  assertMatch(String(seen[0]![2].error), says);
}

class Unrankable extends PopularityModel {
  override rankUsers(): Promise<never> {
    return Promise.reject(new Error("No kernel"));
  }
}

class FullStore extends FileStore {
  override write(): Promise<never> {
    return Promise.reject(new Error("No space left on device (os error 28)"));
  }
}

test(
  "warns and goes on when the disk is full",
  (written) => {
    assertWarned(written, /No space left/);
    assertEquals(written.names, []);
  },
  { place: () => ({ store: new FullStore() }) },
);

test(
  "warns and goes on when the report cannot be made",
  (written) => assertWarned(written, /No kernel/),
  {
    facts: () => ({ model: new Unrankable(new Float32Array(4)) }),
  },
);

test(
  "warns and goes on when training is stopped",
  (written) => {
    assertWarned(written, /stopped after the artifact was published/);
    assertEquals(written.names, []);
  },
  { options: { signal: AbortSignal.abort(new Error("SIGTERM")) } },
);

test(
  "writes nothing outside the artifact root",
  (written) => {
    assertWarned(written, /not within RECOTEM_ARTIFACT_ROOT/);
    assert(!written.names.some((name) => name.includes("report")));
  },
  {
    place(folder) {
      Deno.mkdirSync(`${folder}/root`);
      return { artifactRoot: `${folder}/root` };
    },
  },
);
