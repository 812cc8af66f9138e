import type { Environment } from "../config/environment.ts";
import { ObjectStore } from "./_object_store.ts";
import { S3Service } from "./_s3_service.ts";
import { s3Settings } from "./_s3_settings.ts";

/**
 * Objects of Amazon S3 and of services that speak as it does, by `s3://bucket/key`. Versions are ETags; conditional
 * writes are `If-Match` and `If-None-Match`.
 *
 * Needs `--allow-env` for the variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`,
 * `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL_S3` and `AWS_ENDPOINT_URL`, and `--allow-net` for the endpoint, or else for
 * `bucket.s3.region.amazonaws.com:443`.
 */
export class S3Store extends ObjectStore {
  /** A store that reads the variables at its first request. */
  constructor(env: Environment) {
    super(new S3Service(() => s3Settings(env)));
  }
}
