/**
 * How many times the cap on raw bytes a source may decompress to. Tables shrink to a tenth or a twentieth; what shrinks
 * more than this is made to fill a memory.
 */
export const MAX_EXPANSION = 32;
