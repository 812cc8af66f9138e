import { type Database, DatabaseError, type Session } from "./database.ts";

/** The revision of the tables; Optuna 3.2 to 5.0 have it. */
const REVISION = "v3.2.0.a";

/** Types by dialect. */
const TYPES: Readonly<
  Record<Database["dialect"], Readonly<Record<string, string>>>
> = {
  sqlite: {
    ID: "INTEGER NOT NULL",
    TIME: "DATETIME",
    NUMBER: "FLOAT",
    DIRECTION: "VARCHAR(8)",
    STATE: "VARCHAR(8)",
    VALUE_TYPE: "VARCHAR(7)",
    STEP_TYPE: "VARCHAR(7)",
  },
  postgresql: {
    ID: "SERIAL NOT NULL",
    TIME: "TIMESTAMP WITHOUT TIME ZONE",
    NUMBER: "DOUBLE PRECISION",
    DIRECTION: "studydirection",
    STATE: "trialstate",
    VALUE_TYPE: "trialvaluetype",
    STEP_TYPE: "trialintermediatevaluetype",
  },
};

/** Types that PostgreSQL has to be told of. */
const ENUMERATIONS: Readonly<Record<string, readonly string[]>> = {
  studydirection: ["NOT_SET", "MINIMIZE", "MAXIMIZE"],
  trialstate: ["RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING"],
  trialvaluetype: ["FINITE", "INF_POS", "INF_NEG"],
  trialintermediatevaluetype: ["FINITE", "INF_POS", "INF_NEG", "NAN"],
};

/** Table → its columns, the first one its primary key, and its constraints. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  studies: ["study_id ID", "study_name VARCHAR(512) NOT NULL"],
  version_info: [
    "version_info_id INTEGER NOT NULL CHECK (version_info_id = 1)",
    "schema_version INTEGER",
    "library_version VARCHAR(256)",
  ],
  study_directions: [
    "study_direction_id ID",
    "direction DIRECTION NOT NULL",
    "study_id INTEGER NOT NULL REFERENCES studies (study_id)",
    "objective INTEGER NOT NULL",
    "UNIQUE (study_id, objective)",
  ],
  study_user_attributes: attributes("study", "studies", "user"),
  study_system_attributes: attributes("study", "studies", "system"),
  trials: [
    "trial_id ID",
    "number INTEGER",
    "study_id INTEGER REFERENCES studies (study_id)",
    "state STATE NOT NULL",
    "datetime_start TIME",
    "datetime_complete TIME",
  ],
  trial_user_attributes: attributes("trial", "trials", "user"),
  trial_system_attributes: attributes("trial", "trials", "system"),
  trial_params: [
    "param_id ID",
    "trial_id INTEGER REFERENCES trials (trial_id)",
    "param_name VARCHAR(512)",
    "param_value NUMBER",
    "distribution_json TEXT",
    "UNIQUE (trial_id, param_name)",
  ],
  trial_values: [
    "trial_value_id ID",
    "trial_id INTEGER NOT NULL REFERENCES trials (trial_id)",
    "objective INTEGER NOT NULL",
    "value NUMBER",
    "value_type VALUE_TYPE NOT NULL",
    "UNIQUE (trial_id, objective)",
  ],
  trial_intermediate_values: [
    "trial_intermediate_value_id ID",
    "trial_id INTEGER NOT NULL REFERENCES trials (trial_id)",
    "step INTEGER NOT NULL",
    "intermediate_value NUMBER",
    "intermediate_value_type STEP_TYPE NOT NULL",
    "UNIQUE (trial_id, step)",
  ],
  trial_heartbeats: [
    "trial_heartbeat_id ID",
    "trial_id INTEGER NOT NULL REFERENCES trials (trial_id)",
    "heartbeat TIME NOT NULL",
    "UNIQUE (trial_id)",
  ],
  alembic_version: ["version_num VARCHAR(32) NOT NULL"],
};

const AFTERWARDS: readonly string[] = [
  "CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name)",
  "CREATE INDEX ix_trials_study_id ON trials (study_id)",
  "INSERT INTO version_info (version_info_id, schema_version, library_version) VALUES (1, 12, '5.0.0')",
  `INSERT INTO alembic_version (version_num) VALUES ('${REVISION}')`,
];

/** Keeps processes from making the tables at the same time; any number that others will not think of. */
const ADVISORY_LOCK = 0x7265636f;

/**
 * Makes the tables of Optuna's `RDBStorage` where there are none, so that it and optuna-dashboard read what is written.
 *
 * @throws {DatabaseError} When there are tables of another program or of another version of Optuna; nothing has changed
 * then.
 */
export async function requireOptunaSchema(
  { dialect }: Pick<Database, "dialect">,
  session: Session,
): Promise<void> {
  const sqlite = dialect === "sqlite";
  if (!sqlite) {
    await session.query("SELECT pg_advisory_xact_lock($1)", [ADVISORY_LOCK]);
  }
  const rows = await session.query(
    sqlite
      ? "SELECT name FROM sqlite_master WHERE type = 'table'"
      : "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
  );
  const present = rows.map(({ name }) => String(name));
  const own = Object.keys(TABLES).filter((name) => present.includes(name));
  if (own.length === Object.keys(TABLES).length) {
    return await requireRevision(session);
  }
  if (own.length > 0 || (sqlite && present.length > 0)) {
    throw new DatabaseError("other", "it holds tables of another program");
  }
  for (const statement of statements(dialect)) await session.query(statement);
}

async function requireRevision(session: Session): Promise<void> {
  const rows = await session.query("SELECT version_num FROM alembic_version");
  if (rows.length === 1 && rows[0]!.version_num === REVISION) return;
  throw new DatabaseError(
    "other",
    "its tables are those of another version of Optuna than 3.2 to 5.0",
  );
}

function statements(dialect: Database["dialect"]): string[] {
  const types = TYPES[dialect];
  const enumerations = Object.entries(ENUMERATIONS).map(([name, words]) =>
    `CREATE TYPE ${name} AS ENUM (${words.map((word) => `'${word}'`)})`
  );
  const tables = Object.entries(TABLES).map(([name, [key, ...others]]) => {
    const text = [`${key} PRIMARY KEY`, ...others].join(", ")
      .replace(/[A-Z_]+/g, (word) => types[word] ?? word);
    return `CREATE TABLE ${name} (${text})`;
  });
  return [
    ...(dialect === "postgresql" ? enumerations : []),
    ...tables,
    ...AFTERWARDS,
  ];
}

function attributes(
  owner: "study" | "trial",
  owners: string,
  kind: "user" | "system",
): string[] {
  return [
    `${owner}_${kind}_attribute_id ID`,
    `${owner}_id INTEGER REFERENCES ${owners} (${owner}_id)`,
    "key VARCHAR(512)",
    "value_json TEXT",
    `UNIQUE (${owner}_id, key)`,
  ];
}
