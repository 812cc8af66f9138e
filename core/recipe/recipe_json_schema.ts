import { z } from "zod";
import { RECIPE_SCHEMA } from "./schema.ts";

/**
 * The JSON Schema (draft 2020-12) of recipes as they are written: keys with a default may be left out, and each
 * `source.type` has its own keys. Texts that are read as numbers or truth values are not in it, so that editors ask
 * for the plain spelling.
 */
export function recipeJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(RECIPE_SCHEMA, {
      target: "draft-2020-12",
      io: "input",
      override({ zodSchema, jsonSchema }) {
        // Whole numbers are limited by what a number can hold, which says nothing about a recipe.
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
          delete jsonSchema.maximum;
        }
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) {
          delete jsonSchema.minimum;
        }
        const { def } = zodSchema._zod;
        if (def.type === "default") {
          jsonSchema.default = (def as z.core.$ZodDefaultDef).defaultValue;
        }
      },
    }),
    title: "Recotem recipe",
  };
}
