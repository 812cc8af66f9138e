/**
 * Which items may be recommended, said by their fields.
 *
 * @module
 */
/** A value that a field is compared with. */
export type FilterValue = string | number | boolean;

/**
 * What a field must be; all that is said must hold. Where nothing is known of an item, only `exists: false` holds.
 * Texts are ordered by UTF-16 code units, which is the order of dates in ISO 8601.
 */
export interface FieldTest {
  /** Name of the field. */
  readonly field: string;
  /** The field is this. */
  readonly eq?: FilterValue;
  /** The field is one of these. */
  readonly in?: readonly FilterValue[];
  /** The field is below this. */
  readonly lt?: string | number;
  /** The field is this or below. */
  readonly lte?: string | number;
  /** The field is above this. */
  readonly gt?: string | number;
  /** The field is this or above. */
  readonly gte?: string | number;
  /** Whether anything is known of the field. */
  readonly exists?: boolean;
}

/** A tree of tests: all, one, or none of them. */
export type ItemFilter =
  | { readonly and: readonly ItemFilter[] }
  | { readonly or: readonly ItemFilter[] }
  | { readonly not: ItemFilter }
  | FieldTest;

/** The tests that a conjunction or a disjunction is made of. */
export type FilterBranch = Exclude<
  ItemFilter,
  FieldTest | { readonly not: ItemFilter }
>;

/** How a branch joins its parts, and the parts. */
export function filterParts(
  branch: FilterBranch,
): readonly ["and" | "or", readonly ItemFilter[]] {
  return "and" in branch ? ["and", branch.and] : ["or", branch.or];
}
