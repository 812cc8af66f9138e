import type { Program } from "./service.ts";

/** Optuna and its dashboard. */
export const OPTUNA: Program = {
  name: "optuna-5.0.0-dashboard-0.21.0",
  install: [
    ["python3", "-m", "venv", "."],
    [
      ...["bin/pip", "install", "--quiet", "optuna==5.0.0"],
      ...["optuna-dashboard==0.21.0", "psycopg[binary]==3.3.9"],
    ],
  ],
};
