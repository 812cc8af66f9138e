/**
 * What clients, the server and its log are recognised by.
 *
 * @module
 */

/** Recipes that are served: clients who wait for their answers ask the second, those who vanish the first. */
export const RECIPES = ["annex", "shop"] as const;

/** In all ids of users, and in nothing else that clients send. */
export const CUSTOMER = "customer-";

/** The API key. */
export const KEY: string = "k".repeat(43);

/** Id of requests that are not followed: those of clients who do not wait for the answer. */
export const UNFOLLOWED = "unfollowed";
