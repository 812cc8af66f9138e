import type { Environment } from "../config/environment.ts";
import { ObjectStore } from "./_object_store.ts";
import { S3Service } from "./_s3_service.ts";
import { s3Settings } from "./_s3_settings.ts";

/**
 * Objects of Amazon S3 and of services that speak as it does, by `s3://bucket/key`. Versions are ETags; conditional
 * writes are `If-Match` and `If-None-Match`.
 *
 * Who asks is told by a key (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`); by what Kubernetes sets, a
 * token's file and a role (`AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN`); by a profile of a file of keys (`AWS_PROFILE`,
 * `AWS_SHARED_CREDENTIALS_FILE`); or by the address of a credentials' server, which Amazon's containers set
 * (`AWS_CONTAINER_CREDENTIALS_FULL_URI` and its like) and which goes before a file without a profile's name. Needs
 * `--allow-env` for the variables, `--allow-read` for the files, `--allow-net` for `AWS_ENDPOINT_URL` or else for
 * `bucket.s3.region.amazonaws.com:443`, and for where the credentials are had.
 */
export class S3Store extends ObjectStore {
  /**
   * A store that reads the variables at its first request.
   *
   * @param waitSeconds Longest wait for an answer, and for more of one.
   */
  constructor(env: Environment, waitSeconds: number = 60) {
    super(new S3Service(() => s3Settings(env), waitSeconds));
  }
}
