import * as z from 'zod';
import { isLoopback } from './is-loopback';
import { specPathProblem } from './spec-path';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal digits');
/** What a package is pinned to: the SHA-256 of its steering.json, which names the SHA-256 of every file. */
const digest = sha256.nullable().default(null);

const repositoryUrl = z
  .url({ protocol: /^https?$/ })
  .refine((value) => value.startsWith('https:') || isLoopback(new URL(value).hostname), 'must be https')
  .refine((value) => {
    const { username, password, search, hash } = new URL(value);
    return username + password + search + hash === '';
  }, 'must hold no user, password, query or fragment')
  .refine((value) => /^\/[\w.-]+(?:\/[\w.-]+)+$/.test(new URL(value).pathname), 'must be the address of a repository');

/** Where the steering package of an environment comes from; null: there is none. */
export const steeringSourceSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('git'),
      /** `https://github.com/acme/steering.git`. On the environment's own server it is read with the git credential, elsewhere without one. */
      url: repositoryUrl,
      /** A full ref: a tag does not move by itself, a branch does. */
      ref: z
        .string()
        .regex(/^refs\/(?:tags|heads)\/(?!.*\.\.)\w[\w./+-]{0,199}$/, 'a full ref such as refs/tags/v1.4.0'),
      /** The folder of the package inside the repository; empty: its root. */
      folder: z
        .string()
        .refine((path) => path === '' || specPathProblem(path) === null, 'a folder inside the repository')
        .default(''),
      digest,
    }),
    z.strictObject({
      kind: z.literal('s3'),
      /** In the environment's releases bucket, which no build can write to. */
      prefix: z.string().regex(/^steering(?:\/\w[\w.-]{0,63}){1,6}$/, 'a prefix such as steering/acme/1.4.0'),
      digest,
    }),
  ])
  .nullable();

export type SteeringSource = z.infer<typeof steeringSourceSchema>;
export type GitSteering = Extract<SteeringSource, { kind: 'git' }>;
