/**
 * Scalars that are read leniently: numbers and truth values may also be written as text.
 *
 * @module
 */
import { z } from "zod";

const INTEGER_TEXT = /^[+-]?\d+(?:_\d+)*$/;
const OCTAL_TEXT = /^0o[0-7]+$/;
const NUMBER_TEXT = /^[+-]?(?:\d+(?:_\d+)*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

const TRUE_WORDS: readonly unknown[] = ["true", "yes", "on", "1", 1];
const FALSE_WORDS: readonly unknown[] = ["false", "no", "off", "0", 0];

/** Whole numbers, also from text such as `"20"` and `"1_000"`; never from truth values. */
export function integer(schema: z.ZodInt = z.int()): z.ZodType<number> {
  return z.preprocess((value) => {
    if (typeof value !== "string") return value;
    const text = value.trim();
    if (INTEGER_TEXT.test(text)) return Number(text.replaceAll("_", ""));
    return OCTAL_TEXT.test(text) ? Number(text) : value;
  }, schema);
}

/** Numbers, also from numeric text. */
export function number(schema: z.ZodNumber = z.number()): z.ZodType<number> {
  return z.preprocess(
    (value) =>
      typeof value === "string" && NUMBER_TEXT.test(value.trim())
        ? Number(value.replaceAll("_", ""))
        : value,
    schema,
  );
}

/** Truth values, also as true, yes, on, 1 and false, no, off, 0, in any case. */
export function boolean(): z.ZodType<boolean> {
  return z.preprocess((value) => {
    const word = typeof value === "string" ? value.trim().toLowerCase() : value;
    if (TRUE_WORDS.includes(word)) return true;
    return FALSE_WORDS.includes(word) ? false : value;
  }, z.boolean());
}
