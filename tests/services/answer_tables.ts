import type { BigQueryServer } from "./bqemulator.ts";

interface Job {
  readonly configuration: {
    readonly dryRun?: boolean;
    readonly query: { readonly query: string };
  };
  readonly jobReference?: { readonly jobId: string };
}

/**
 * The emulator keeps no table of a query's answer, where BigQuery itself does and where its Storage API reads it. This
 * stands before the emulator, runs each query once more into a table and names that one.
 */
export async function withAnswerTables(
  server: BigQueryServer,
): Promise<BigQueryServer> {
  const origin = `http://${server.env.BIGQUERY_EMULATOR_HOST}`;
  const project = `${origin}/bigquery/v2/projects/shop`;
  const post = (path: string, body: unknown) =>
    fetch(`${project}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  await (await post("/datasets", {
    datasetReference: { projectId: "shop", datasetId: "answers" },
  })).body?.cancel();
  const tables = new Map<string, string>();
  async function keepAnswer({ configuration }: Job, id: string): Promise<void> {
    const table = `t${tables.size}`;
    const query =
      `CREATE TABLE answers.${table} AS ${configuration.query.query}`;
    const made = await post("/jobs", {
      configuration: { query: { ...configuration.query, query } },
    });
    if (!made.ok) throw new Error(await made.text());
    await made.body?.cancel();
    tables.set(id, table);
  }
  const proxy = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const body = await request.text();
      const answer = await fetch(origin + pathname + search, {
        method: request.method,
        headers: request.headers,
        ...(body !== "" && { body }),
      });
      const text = await answer.text();
      const { status } = answer;
      const id = /\/jobs\/([^/]+)$/.exec(pathname)?.[1];
      if (status === 200 && pathname.endsWith("/jobs")) {
        const job: Job = JSON.parse(body);
        if (!job.configuration.dryRun) {
          const { jobReference }: Job = JSON.parse(text);
          await keepAnswer(job, jobReference!.jobId);
        }
      } else if (id !== undefined && tables.has(id)) {
        const job = JSON.parse(text);
        job.configuration.query.destinationTable = {
          projectId: "shop",
          datasetId: "answers",
          tableId: tables.get(id),
        };
        return Response.json(job);
      }
      return new Response(text, { status });
    },
  );
  return {
    env: {
      ...server.env,
      BIGQUERY_EMULATOR_HOST: `127.0.0.1:${proxy.addr.port}`,
    },
    async [Symbol.asyncDispose]() {
      await proxy.shutdown();
      await server[Symbol.asyncDispose]();
    },
  };
}
