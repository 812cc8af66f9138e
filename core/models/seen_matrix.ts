import type { Csr } from "../kernels/csr.ts";

/** A matrix whose values may be left out when all are 1: most are, and then they would be a third of it. */
export type SeenMatrix = Omit<Csr, "values"> & Partial<Pick<Csr, "values">>;
